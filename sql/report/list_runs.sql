-- list_runs: runs with their numbers, the latest occasion first.
-- params: statuses text[], occasion_from timestamptz, occasion_until timestamptz, source_kind text, source_id bigint, most integer
-- returns: many (run_id bigint, title text, source_kind text, source_id bigint, campaign_code text, class text, lane text, status text, stage text, status_note text, occasion timestamptz, due_at timestamptz, expires_at timestamptz, audience bigint, not_planned_yet bigint, left_out bigint, enqueued bigint, waiting bigint, claimed bigint, accepted bigint, rejected bigint, unknown bigint, withheld bigint, expired bigint, cancelled bigint, project_zone text, wave_id bigint, wave_planned_at timestamptz, dag_id text, dag_run_id text)
-- writes: nothing
-- why: null for a filter means any. Chosen first, counted after: only the runs that are shown are summed up.
--   statuses may name stages, too: push.run_stage says what sending and sent mean.
WITH chosen AS MATERIALIZED (
    SELECT r.*
    FROM push.run AS r
    WHERE (
            CAST(:statuses AS text[]) IS NULL
            OR r.status = ANY(CAST(:statuses AS text[]))
            OR (r.status = 'planned' AND push.run_stage(r.status, CAST((EXISTS (
                SELECT
                FROM push.send_batch AS q
                WHERE q.run_day = r.run_day AND q.run_id = r.run_id AND q.status IN ('waiting', 'claimed')
            ))::integer AS bigint)) = ANY(CAST(:statuses AS text[])))
        )
        AND (CAST(:occasion_from AS timestamptz) IS NULL OR r.occasion >= CAST(:occasion_from AS timestamptz))
        AND (CAST(:occasion_until AS timestamptz) IS NULL OR r.occasion < CAST(:occasion_until AS timestamptz))
        AND (CAST(:source_kind AS text) IS NULL OR r.source_kind = CAST(CAST(:source_kind AS text) AS push.source_kind))
        AND (CAST(:source_id AS bigint) IS NULL OR r.source_id = CAST(:source_id AS bigint))
    ORDER BY r.occasion DESC, r.run_id DESC
    LIMIT CAST(:most AS integer)
)

SELECT
    r.run_id,
    r.title,
    r.source_kind::text AS source_kind,
    r.source_id,
    b.campaign_code,
    r.class::text AS class,
    r.lane::text AS lane,
    r.status,
    push.run_stage(r.status, CASE WHEN k.is_kept THEN (t.ends ->> 'waiting')::bigint + (t.ends ->> 'claimed')::bigint ELSE u.waiting + u.claimed END) AS stage,
    r.status_note,
    r.occasion,
    r.due_at,
    r.expires_at,
    CASE WHEN k.is_kept THEN t.audience_users ELSE u.audience_users END AS audience,
    CASE WHEN k.is_kept THEN t.not_planned_yet ELSE u.undone_users END AS not_planned_yet,
    CASE WHEN k.is_kept THEN t.audience_users - t.enqueued - t.not_planned_yet ELSE u.left_out END AS left_out,
    CASE WHEN k.is_kept THEN t.enqueued ELSE u.enqueued END AS enqueued,
    CASE WHEN k.is_kept THEN (t.ends ->> 'waiting')::bigint ELSE u.waiting END AS waiting,
    CASE WHEN k.is_kept THEN (t.ends ->> 'claimed')::bigint ELSE u.claimed END AS claimed,
    CASE WHEN k.is_kept THEN (t.ends ->> 'accepted')::bigint ELSE u.accepted END AS accepted,
    CASE WHEN k.is_kept THEN (t.ends ->> 'rejected')::bigint ELSE u.rejected END AS rejected,
    CASE WHEN k.is_kept THEN (t.ends ->> 'unknown')::bigint ELSE u.unknown END AS unknown,
    CASE WHEN k.is_kept THEN (t.ends ->> 'withheld')::bigint ELSE u.withheld END AS withheld,
    CASE WHEN k.is_kept THEN (t.ends ->> 'expired')::bigint ELSE u.expired END AS expired,
    CASE WHEN k.is_kept THEN (t.ends ->> 'cancelled')::bigint ELSE u.cancelled END AS cancelled,
    s.project_zone,
    r.wave_id,
    w.planned_at AS wave_planned_at,
    w.dag_id,
    w.dag_run_id
FROM chosen AS r
CROSS JOIN push.setting AS s
CROSS JOIN LATERAL (SELECT v.* FROM push.run_sum AS v WHERE v.run_id = r.run_id) AS u
LEFT JOIN push.run_total AS t
    ON r.run_id = t.run_id
CROSS JOIN LATERAL (SELECT u.is_dropped AND t.run_id IS NOT NULL AS is_kept) AS k
LEFT JOIN push.brief AS b
    ON r.source_kind = 'brief' AND r.source_id = b.brief_id
LEFT JOIN push.wave AS w
    ON r.wave_id = w.wave_id
ORDER BY r.occasion DESC, r.run_id DESC
