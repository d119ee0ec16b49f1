-- list_withheld_reasons: why the sender withheld pushes of some runs: one reason a push, the first one that was noted.
-- params: run_ids bigint[]
-- returns: many (run_id bigint, reason text, pushes bigint)
-- writes: nothing
-- why: looks only into batches that have a withheld push, by their own counts.
SELECT
    p.run_id,
    p.reason,
    count(*) AS pushes
FROM (
    SELECT
        r.run_id,
        coalesce((
            SELECT o.reason
            FROM push.outcome AS o
            WHERE o.run_day = b.run_day AND o.batch_id = b.batch_id AND o.position = s.position AND o.outcome = 5
            ORDER BY o.attempt, o.ended_at, o.installation_id
            LIMIT 1
        ), '') AS reason
    FROM push.run AS r
    INNER JOIN push.send_batch AS b
        ON r.run_day = b.run_day AND r.run_id = b.run_id
    CROSS JOIN LATERAL unnest(b.states) WITH ORDINALITY AS s (state, position)
    WHERE r.run_id = ANY(CAST(:run_ids AS bigint[])) AND b.state_counts[6] > 0 AND s.state = 5
) AS p
GROUP BY p.run_id, p.reason
ORDER BY p.run_id, pushes DESC, p.reason
