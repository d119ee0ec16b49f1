-- list_due_runs: the runs that the lane's next wave would take, in the order in which it would plan them.
-- params: lane text, now timestamptz
-- returns: many (run_id bigint, title text, campaign_code text, due_at timestamptz, has_snapshot boolean, is_decided boolean)
-- writes: nothing
-- why: the conditions of take_due_runs. is_decided: some of its people are, so counting it anew would take its own pushes for another's.
SELECT
    r.run_id,
    r.title,
    b.campaign_code,
    r.due_at,
    r.snapshot_at IS NOT NULL AS has_snapshot,
    EXISTS(SELECT FROM push.run_bucket AS d WHERE d.run_id = r.run_id) AS is_decided
FROM push.run AS r
LEFT JOIN push.brief AS b
    ON r.source_kind = 'brief' AND r.source_id = b.brief_id
WHERE (
    r.status IN ('waiting', 'planning')
    OR (
        r.status = 'set_aside'
        AND NOT EXISTS (SELECT FROM push.set_aside AS a WHERE a.run_id = r.run_id)
        AND push.list_unapproved_runs(ARRAY[r.run_id]) = '{}'
    )
)
    AND r.due_at <= CAST(:now AS timestamptz)
    AND r.expires_at > CAST(:now AS timestamptz)
    AND CAST(:lane AS text) = CASE r.source_kind WHEN 'brief' THEN 'marketing' WHEN 'trigger' THEN 'trigger' ELSE r.lane::text END
ORDER BY r.priority, r.expires_at, r.run_id
