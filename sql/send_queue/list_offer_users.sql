-- list_offer_users: what became of an offer, user by user.
-- params: team text, occasion_key text
-- returns: many (user_id bigint, decision text, sentence text, push_id uuid, not_before timestamptz)
-- writes: nothing
SELECT a.user_id, a.decision, a.sentence, a.push_id, a.not_before
FROM push.offer_answer_users(CAST(:team AS text), CAST(:occasion_key AS text)) AS a
