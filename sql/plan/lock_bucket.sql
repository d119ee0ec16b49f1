-- lock_bucket: take the bucket's lock for this transaction, keep the run's row from changing until its end, and let its statements keep one plan for every bucket.
-- params: run_id bigint, bucket smallint
-- returns: one (bucket smallint, isolation text, plan_cache_mode text)
-- writes: nothing
-- why: a statement of its own, in READ COMMITTED: taken inside the deciding statement, or in REPEATABLE READ, the decision would see the state before the lock.
--   The same holds for the run: whoever edits a brief locks its runs, so what was edited while we waited is seen by the refusal of the next statement.
--   The bucket is locked first, the run after it (the linter knows one such clause only, hence the noqa).
SELECT
    l.bucket,
    current_setting('transaction_isolation') AS isolation,
    set_config('plan_cache_mode', 'force_generic_plan', true) AS plan_cache_mode
FROM push.bucket_lock AS l
INNER JOIN push.run AS r
    ON r.run_id = CAST(:run_id AS bigint)
WHERE l.bucket = CAST(:bucket AS smallint)
FOR UPDATE OF l
FOR SHARE OF r -- noqa: PRS
