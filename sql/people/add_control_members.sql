-- add_control_members: put everybody whose salted hash falls into a running control group into it.
-- params: now timestamptz
-- returns: many (user_id bigint)
-- writes: push.control_member
-- why: by hash, so that who is in does not depend on when the group was worked out; new people join when they come.
INSERT INTO push.control_member AS m (user_id, control_group_id, member_since)
SELECT
    p.user_id,
    g.control_group_id,
    CAST(:now AS timestamptz)
FROM push.control_group AS g
INNER JOIN push.person AS p ON push.share_of(p.user_id, g.salt) < g.share
WHERE
    g.starts_at <= CAST(:now AS timestamptz) AND (g.ends_at IS NULL OR g.ends_at > CAST(:now AS timestamptz))
    AND NOT p.is_erased
    AND NOT EXISTS (
        SELECT FROM push.control_member AS old
        WHERE old.user_id = p.user_id AND old.control_group_id = g.control_group_id AND old.member_until IS NULL
    )
ON CONFLICT (user_id, control_group_id) DO UPDATE SET member_until = NULL
RETURNING m.user_id;
