-- function_share_of: where a user falls in 0..9999 for one salt; the base of variants, control groups and max_users.
-- params: user_id bigint, salt bigint
-- returns: one (share_of integer)
-- writes: nothing
-- why: hashint8extended costs nothing beside reading the row; a salt per source keeps a user's arm when the brief repeats.
CREATE OR REPLACE FUNCTION push.share_of(user_id bigint, salt bigint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT ((hashint8extended(user_id, salt) & 9223372036854775807) % 10000)::integer
$$;
