-- lock_bucket: take the bucket's lock for this transaction.
-- params: bucket smallint
-- returns: one (bucket smallint, isolation text)
-- writes: nothing
-- why: a statement of its own, in READ COMMITTED: taken inside the deciding statement, or in REPEATABLE READ, the decision would see the state before the lock.
SELECT
    l.bucket,
    current_setting('transaction_isolation') AS isolation
FROM push.bucket_lock AS l
WHERE l.bucket = CAST(:bucket AS smallint)
FOR UPDATE
