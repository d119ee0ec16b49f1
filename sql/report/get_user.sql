-- get_user: what is known of one user: the facts that decisions about the user depend on.
-- params: user_id bigint, now timestamptz
-- returns: one (is_known boolean, is_erased boolean, written_zone text, zone text, project_zone text, written_language text, locale text, default_language text, weekly_limit smallint, devices bigint, platforms text[], control_since timestamptz, is_reachable boolean)
-- writes: nothing
SELECT
    p.user_id IS NOT NULL AS is_known,
    coalesce(p.is_erased, false) AS is_erased,
    p.zone AS written_zone,
    CASE WHEN r.zone_id > 0 THEN z.name END AS zone,
    s.project_zone,
    p.language AS written_language,
    l.locale,
    s.default_language,
    r.weekly_limit,
    i.devices,
    i.platforms,
    (
        SELECT max(m.member_since)
        FROM push.control_member AS m
        WHERE m.user_id = u.user_id
            AND m.member_since <= CAST(:now AS timestamptz)
            AND (m.member_until IS NULL OR m.member_until > CAST(:now AS timestamptz))
    ) AS control_since,
    coalesce(r.is_reachable, false) AS is_reachable
FROM (SELECT CAST(:user_id AS bigint) AS user_id) AS u
CROSS JOIN push.setting AS s
LEFT JOIN push.person AS p
    ON u.user_id = p.user_id
LEFT JOIN push.recipient AS r
    ON r.bucket = push.bucket_of(u.user_id) AND u.user_id = r.user_id
LEFT JOIN push.zone AS z
    ON r.zone_id = z.zone_id
LEFT JOIN push.language AS l
    ON r.language_id = l.language_id
CROSS JOIN LATERAL (
    SELECT
        count(*) AS devices,
        coalesce(array_agg(DISTINCT d.platform ORDER BY d.platform), '{}') AS platforms
    FROM push.installation AS d
    WHERE d.user_id = u.user_id AND d.is_active
) AS i
