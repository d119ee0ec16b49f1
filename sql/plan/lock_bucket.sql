-- lock_bucket: take the bucket's lock for this transaction, and let its statements keep one plan for every bucket.
-- params: bucket smallint
-- returns: one (bucket smallint, isolation text, plan_cache_mode text)
-- writes: nothing
-- why: a statement of its own, in READ COMMITTED: taken inside the deciding statement, or in REPEATABLE READ, the decision would see the state before the lock.
SELECT
    l.bucket,
    current_setting('transaction_isolation') AS isolation,
    set_config('plan_cache_mode', 'force_generic_plan', true) AS plan_cache_mode
FROM push.bucket_lock AS l
WHERE l.bucket = CAST(:bucket AS smallint)
FOR UPDATE
