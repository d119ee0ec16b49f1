-- lock_synced_bucket: keep planning, cancelling and erasing out of a bucket until the transaction ends.
-- params: bucket smallint
-- returns: one (bucket smallint)
-- writes: nothing
-- why: a statement of its own, so that the next one sees what the holder before wrote.
SELECT l.bucket FROM push.bucket_lock AS l
WHERE l.bucket = CAST(:bucket AS smallint)
FOR UPDATE;
