-- function_is_in_campaign_control: whether a user is held out of one source's campaigns, independent of the variant.
-- params: user_id bigint, salt bigint, control_share integer
-- returns: one (is_in_campaign_control boolean)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.is_in_campaign_control(user_id bigint, salt bigint, control_share integer) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT push.share_of(user_id, salt # 7046029254386353131) < control_share
$$;
