-- list_open_buckets: the buckets of a cancelled or expired run where users are undecided or pushes still wait.
-- params: run_id bigint
-- returns: many (bucket smallint)
-- writes: nothing
SELECT a.bucket
FROM push.audience_block AS a
WHERE a.run_id = CAST(:run_id AS bigint)
    AND NOT EXISTS (SELECT FROM push.run_bucket AS m WHERE m.run_id = a.run_id AND m.bucket = a.bucket)
UNION
SELECT b.bucket
FROM push.send_batch AS b
INNER JOIN push.run AS r ON r.run_id = b.run_id AND r.run_day = b.run_day AND r.status = 'cancelled'
WHERE b.run_id = CAST(:run_id AS bigint)
    AND (b.status = 'waiting' OR (b.status = 'claimed' AND (b.state_counts IS NULL OR b.state_counts[1] > 0)))
ORDER BY bucket
