-- batch_without_mark: batches in a bucket that no run_bucket row marks as decided: somebody beside the planner wrote them.
-- params: none
-- returns: many (key text, detail text)
-- writes: nothing
-- severity: fail
-- remedy: pause the run and find who may write to push.send_batch; only the planner may.
SELECT
    format('run %s, bucket %s', b.run_id, b.bucket) AS key,
    format('%s batches with %s users', count(*), sum(b.user_count)) AS detail
FROM push.send_batch AS b
LEFT JOIN push.run_bucket AS m
    ON b.run_id = m.run_id AND b.bucket = m.bucket
WHERE m.run_id IS NULL
GROUP BY b.run_id, b.bucket
ORDER BY b.run_id, b.bucket
