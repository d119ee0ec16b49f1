-- list_funnels: what each of some runs is, both sides of its sum as they are now, and as they were kept when rows were dropped.
-- params: run_ids bigint[]
-- returns: many (run_id bigint, title text, source_kind text, source_id bigint, campaign_code text, class text, status text, stage text, status_note text, occasion timestamptz, planned_at timestamptz, expires_at timestamptz, project_zone text, audience_rows bigint, audience_users bigint, undone_users bigint, left_out bigint, enqueued bigint, waiting bigint, claimed bigint, accepted bigint, rejected bigint, unknown bigint, withheld bigint, expired bigint, cancelled bigint, is_dropped boolean, kept_at timestamptz, kept_audience integer, kept_not_planned integer, kept_enqueued integer, kept_reasons jsonb, kept_ends jsonb)
-- writes: nothing
SELECT
    r.run_id,
    r.title,
    r.source_kind::text AS source_kind,
    r.source_id,
    b.campaign_code,
    r.class::text AS class,
    r.status,
    push.run_stage(
        r.status, CASE WHEN u.is_dropped THEN (t.ends ->> 'waiting')::bigint + (t.ends ->> 'claimed')::bigint ELSE u.waiting + u.claimed END
    ) AS stage,
    r.status_note,
    r.occasion,
    (SELECT min(k.planned_at) FROM push.run_bucket AS k WHERE k.run_id = r.run_id) AS planned_at,
    r.expires_at,
    s.project_zone,
    r.audience_rows,
    u.audience_users,
    u.undone_users,
    u.left_out,
    u.enqueued,
    u.waiting,
    u.claimed,
    u.accepted,
    u.rejected,
    u.unknown,
    u.withheld,
    u.expired,
    u.cancelled,
    u.is_dropped,
    t.counted_at AS kept_at,
    t.audience_users AS kept_audience,
    t.not_planned_yet AS kept_not_planned,
    t.enqueued AS kept_enqueued,
    t.reasons AS kept_reasons,
    t.ends AS kept_ends
FROM push.run AS r
CROSS JOIN push.setting AS s
INNER JOIN push.run_sum AS u
    ON r.run_id = u.run_id
LEFT JOIN push.run_total AS t
    ON r.run_id = t.run_id
LEFT JOIN push.brief AS b
    ON r.source_kind = 'brief' AND r.source_id = b.brief_id
WHERE r.run_id = ANY(CAST(:run_ids AS bigint[]))
ORDER BY r.run_id
