-- function_cut_order: the place of a user in the order by which max_users is cut; the lowest stay.
-- params: user_id bigint, salt bigint
-- returns: one (cut_order bigint)
-- writes: nothing
-- why: the salt is turned, so that the cut does not favour one variant or control group.
CREATE OR REPLACE FUNCTION push.cut_order(user_id bigint, salt bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT hashint8extended(user_id, salt # 5577006791947779410)
$$;
COMMENT ON FUNCTION push.cut_order IS 'The order by which max_users is cut; the lowest stay.';
