-- due_but_not_planned: runs that should have been planned ten minutes ago, with users undecided, and that nobody holds, set aside or paused.
-- params: now timestamptz
-- returns: many (key text, detail text)
-- writes: nothing
-- severity: fail
-- remedy: look whether plan_marketing_pushes and plan_trigger_pushes run in Airflow; plan by hand with: pushline run plan
SELECT
    format('run %s', r.run_id) AS key,
    format(
        '%s: due %s UTC, %s, %s of %s buckets decided', r.title, to_char(r.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), r.status,
        k.decided, k.buckets
    ) AS detail
FROM push.run AS r
CROSS JOIN LATERAL (
    SELECT
        (SELECT count(*) FROM push.audience_block AS a WHERE a.run_id = r.run_id) AS buckets,
        (SELECT count(*) FROM push.run_bucket AS m WHERE m.run_id = r.run_id) AS decided
) AS k
WHERE (
    r.status IN ('waiting', 'planning')
    -- Set aside without a failure: it waited for its approval.
    OR (
        r.status = 'set_aside' AND EXISTS (
            SELECT
            FROM push.approval AS p
            WHERE p.source_kind = r.source_kind::text
                AND p.source_id = r.source_id
                AND p.version = r.version
                AND p.withdrawn_at IS NULL
                AND p.approved_at < CAST(:now AS timestamptz) - interval '10 minutes'
        )
    )
)
    AND r.due_at < CAST(:now AS timestamptz) - interval '10 minutes'
    AND r.expires_at > CAST(:now AS timestamptz)
    AND r.created_at < CAST(:now AS timestamptz) - interval '10 minutes'
    AND NOT push.is_paused(r.lane, r.run_id)
    AND NOT EXISTS (SELECT FROM push.set_aside AS s WHERE s.run_id = r.run_id)
    AND (r.snapshot_at IS NULL OR k.decided < k.buckets)
ORDER BY r.due_at, r.run_id
