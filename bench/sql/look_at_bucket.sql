-- look_at_bucket: what lock_bucket answers, without taking the lock: only the bench of the lock's price plans with it.
-- params: run_id bigint, bucket smallint
-- returns: one (bucket smallint, isolation text)
-- writes: nothing
SELECT
    l.bucket,
    current_setting('transaction_isolation') AS isolation
FROM push.bucket_lock AS l
INNER JOIN push.run AS r
    ON r.run_id = CAST(:run_id AS bigint)
WHERE l.bucket = CAST(:bucket AS smallint)
