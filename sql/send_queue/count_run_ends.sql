-- count_run_ends: how many pushes of a run had left when it was stopped, how many were stopped, how many users were
--   never decided.
-- params: run_id bigint
-- returns: one (status text, left_already bigint, cancelled bigint, undecided bigint)
-- writes: nothing
SELECT
    r.status,
    coalesce(CAST(sum(c.left_already) AS bigint), 0) AS left_already,
    coalesce(CAST(sum(c.cancelled) AS bigint), 0) AS cancelled,
    coalesce((
        SELECT sum(d.user_count)
        FROM push.decision_block AS d
        WHERE d.run_id = r.run_id AND d.reason = 17
    ), 0) AS undecided
FROM push.run AS r
LEFT JOIN push.batch_state_count AS c ON c.run_day = r.run_day AND c.run_id = r.run_id
WHERE r.run_id = CAST(:run_id AS bigint)
GROUP BY r.run_id
