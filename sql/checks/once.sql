-- once: users who are in a run twice: enqueued twice, left out twice, or both.
-- params: now timestamptz
-- returns: many (key text, detail text)
-- writes: nothing
-- severity: fail
-- remedy: pause the run (pushline queue pause --run), then find which bucket was decided twice in run_bucket and the log.
-- why: judges every run until three days after its deadline; erased people (0) are left aside, for they cannot be told apart.
SELECT
    format('run %s, user %s', d.run_id, d.user_id) AS key,
    format('%s enqueued, %s left out', sum(d.enqueued), sum(d.left_out)) AS detail
FROM (
    SELECT
        b.run_id,
        unnest(b.users) AS user_id,
        1 AS enqueued,
        0 AS left_out
    FROM push.run AS r
    INNER JOIN push.send_batch AS b
        ON r.run_day = b.run_day AND r.run_id = b.run_id
    WHERE r.expires_at > CAST(:now AS timestamptz) - interval '3 days'
    UNION ALL
    SELECT
        b.run_id,
        unnest(b.users),
        0,
        1
    FROM push.run AS r
    INNER JOIN push.decision_block AS b
        ON r.run_id = b.run_id
    WHERE r.expires_at > CAST(:now AS timestamptz) - interval '3 days'
) AS d
WHERE d.user_id <> 0
GROUP BY d.run_id, d.user_id
HAVING count(*) > 1
ORDER BY d.run_id, d.user_id
