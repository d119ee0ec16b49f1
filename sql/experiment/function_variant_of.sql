-- function_variant_of: the variant (0 = A) of a user, by cumulative shares in basis points.
-- params: user_id bigint, salt bigint, shares integer[]
-- returns: one (variant_of smallint)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.variant_of(user_id bigint, salt bigint, shares integer[]) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT width_bucket(push.share_of(user_id, salt), shares)::smallint
$$;
