-- function_expected_recipients: what recipient must say of these users, worked out from person, consent, installation
--      and control_member.
-- params: user_ids bigint[], at timestamptz
-- returns: many (bucket smallint, zone_id smallint, language_id smallint, consents smallint, weekly_limit smallint,
--      user_id bigint, is_reachable boolean, is_control boolean, is_erased boolean)
-- writes: nothing
-- why: the one place of the rule; a consent dated after `at` does not count yet. A null array means everybody.
CREATE OR REPLACE FUNCTION push.expected_recipients(user_ids bigint[], at timestamptz)
RETURNS TABLE (
    bucket smallint,
    zone_id smallint,
    language_id smallint,
    consents smallint,
    weekly_limit smallint,
    user_id bigint,
    is_reachable boolean,
    is_control boolean,
    is_erased boolean
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        push.bucket_of(p.user_id),
        coalesce(z.zone_id, 0::smallint),
        coalesce(own.language_id, base.language_id, 0::smallint),
        ((CASE WHEN marketing.is_granted THEN 1 ELSE 0 END) | (CASE WHEN service.is_granted THEN 2 ELSE 0 END))::smallint,
        p.weekly_limit,
        p.user_id,
        EXISTS (SELECT FROM push.installation AS i WHERE i.user_id = p.user_id AND i.is_active),
        EXISTS (
            SELECT FROM push.control_member AS m
            WHERE m.user_id = p.user_id AND m.member_since <= at AND (m.member_until IS NULL OR m.member_until > at)
        ),
        p.is_erased
    FROM push.person AS p
    LEFT JOIN push.zone AS z ON p.zone = z.name AND z.zone_id > 0
    LEFT JOIN push.language AS own ON push.normal_locale(p.language) = own.locale
    LEFT JOIN push.language AS base ON split_part(push.normal_locale(p.language), '-', 1) = base.locale
    LEFT JOIN LATERAL (
        SELECT c.is_granted FROM push.consent AS c
        WHERE c.user_id = p.user_id AND c.purpose = 'marketing' AND c.changed_at <= at
        ORDER BY c.changed_at DESC LIMIT 1
    ) AS marketing ON true
    LEFT JOIN LATERAL (
        SELECT c.is_granted FROM push.consent AS c
        WHERE c.user_id = p.user_id AND c.purpose = 'service' AND c.changed_at <= at
        ORDER BY c.changed_at DESC LIMIT 1
    ) AS service ON true
    WHERE user_ids IS NULL OR p.user_id = ANY(user_ids)
$$;
COMMENT ON FUNCTION push.expected_recipients IS 'What recipient must say of these users (null: of everybody); checks compare it with what it says.';
