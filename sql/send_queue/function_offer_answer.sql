-- function_offer_answer: what became of an offer in numbers: users enqueued, left out by reason, not planned yet.
-- params: team text, occasion_key text
-- returns: many (decision text, sentence text, user_count bigint)
-- writes: nothing
-- why: adds up to the distinct users that were offered, at every moment.
CREATE OR REPLACE FUNCTION push.offer_answer(team text, occasion_key text)
RETURNS TABLE (decision text, sentence text, user_count bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    offered_run bigint := push.find_offer(team, occasion_key);
BEGIN
    RETURN QUERY
    SELECT c.decision, c.sentence, c.user_count
    FROM (
        SELECT 0 AS place, 'enqueued' AS decision, 'got a push enqueued' AS sentence, sum(m.enqueued_users) AS user_count
        FROM push.run_bucket AS m
        WHERE m.run_id = offered_run
        UNION ALL
        SELECT min(r.reason), r.code, r.sentence, sum(d.user_count)
        FROM push.decision_block AS d
        INNER JOIN push.reason AS r ON r.reason = d.reason
        WHERE d.run_id = offered_run
        GROUP BY r.code, r.sentence
        UNION ALL
        SELECT 1000, 'not_planned_yet', 'is still to be decided', sum(r.audience_users) - coalesce(
            (SELECT sum(m.audience_users) FROM push.run_bucket AS m WHERE m.run_id = offered_run), 0
        )
        FROM push.run AS r
        WHERE r.run_id = offered_run
    ) AS c
    WHERE c.user_count > 0
    ORDER BY c.place;
END $$;
REVOKE ALL ON FUNCTION push.offer_answer(text, text) FROM public;
GRANT EXECUTE ON FUNCTION push.offer_answer(text, text) TO pushline_producer, pushline_planner;
