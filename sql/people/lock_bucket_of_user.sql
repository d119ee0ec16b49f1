-- lock_bucket_of_user: keep planning, cancelling and expiring out of a user's bucket until the transaction ends.
-- params: user_id bigint
-- returns: one (bucket smallint)
-- writes: nothing
-- why: a statement of its own, so that the next one sees what the holder before wrote.
SELECT l.bucket FROM push.bucket_lock AS l
WHERE l.bucket = push.bucket_of(CAST(:user_id AS bigint))
FOR UPDATE;
