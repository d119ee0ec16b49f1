-- list_coming_briefs: approved briefs that leave by a moment and are not planned yet: what they will take is not in an estimate.
-- params: except_code text, after timestamptz, until timestamptz, project_zone text
-- returns: many (campaign_code text, title text, send_at timestamptz, reach_expected integer, local_time timestamp, priority smallint, ttl_hours integer, promo_end date, brief_id bigint)
-- writes: nothing
-- why: those of the last moment itself, too: who is planned first then goes by the columns that follow reach_expected.
SELECT
    b.campaign_code,
    b.title,
    i.send_at,
    b.reach_expected,
    b.local_time,
    b.priority,
    b.ttl_hours,
    b.promo_end,
    b.brief_id
FROM (
    SELECT
        a.campaign_code,
        a.title,
        a.brief_id,
        a.send_at AS local_time,
        a.priority,
        a.ttl_hours,
        a.promo_end,
        p.reach_expected
    FROM push.any_brief AS a
    INNER JOIN push.approval AS p
        ON p.source_kind = 'brief' AND a.brief_id = p.source_id AND a.version = p.version AND p.withdrawn_at IS NULL
    WHERE a.status IN ('approved', 'scheduled')
        AND a.class <> 'transactional'
        AND a.repeat IS NULL
        AND a.campaign_code <> CAST(:except_code AS text)
) AS b
CROSS JOIN LATERAL (SELECT push.instant_of(b.local_time, CAST(:project_zone AS text)) AS send_at) AS i
WHERE i.send_at > CAST(:after AS timestamptz)
    AND i.send_at <= CAST(:until AS timestamptz)
    AND NOT EXISTS (
        SELECT
        FROM push.run AS r
        WHERE r.source_kind = 'brief' AND r.source_id = b.brief_id AND r.status IN ('planned', 'planning')
    )
ORDER BY i.send_at, b.priority, b.campaign_code
