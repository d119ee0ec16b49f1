-- get_offer_answer: what became of an offer in numbers.
-- params: team text, occasion_key text
-- returns: many (decision text, sentence text, user_count bigint)
-- writes: nothing
SELECT a.decision, a.sentence, a.user_count
FROM push.offer_answer(CAST(:team AS text), CAST(:occasion_key AS text)) AS a
