-- function_bucket_within: the bucket of a user when there are so many of them; an erased user (0) stays with the bucket that it was in.
-- params: user_id bigint, old_bucket smallint, bucket_count integer
-- returns: one (bucket_within smallint)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.bucket_within(user_id bigint, old_bucket smallint, bucket_count integer) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT (CASE WHEN user_id = 0 THEN old_bucket ELSE hashint8extended(user_id, 7) END & bucket_count - 1)::smallint
$$;
REVOKE ALL ON FUNCTION push.bucket_within(bigint, smallint, integer) FROM public;
