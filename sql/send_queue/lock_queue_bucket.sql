-- lock_queue_bucket: waits for the bucket, so that nobody plans, cancels, expires or erases in it meanwhile.
-- params: bucket smallint
-- returns: one (bucket smallint)
-- writes: nothing
-- why: a statement of its own, before the one that looks: what it waited for is then seen.
SELECT l.bucket FROM push.bucket_lock AS l WHERE l.bucket = CAST(:bucket AS smallint) FOR UPDATE
