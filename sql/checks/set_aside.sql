-- set_aside: approved briefs and active triggers of which the planner could make no run, as they stand now.
-- params: now timestamptz
-- returns: many (key text, detail text)
-- writes: nothing
-- severity: fail
-- remedy: change what the error names and have it approved again; if it names nothing of the brief, tell whoever runs Pushline
SELECT
    format('%s %s', l.source_kind, coalesce(b.campaign_code, l.source_id::text)) AS key,
    format('set aside %s UTC: %s', to_char(max(l.happened_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'), max(l.detail ->> 'error')) AS detail
FROM push.audit_log AS l
LEFT JOIN push.approved_brief AS b ON l.source_kind = 'brief' AND l.source_id = b.brief_id
LEFT JOIN push.trigger_rule AS t ON l.source_kind = 'trigger' AND l.source_id = t.trigger_id AND t.is_on
WHERE l.what = 'set_aside' AND l.happened_at <= CAST(:now AS timestamptz)
    AND (l.detail ->> 'version')::integer = coalesce(b.version, t.current_version)
    AND NOT EXISTS (
        SELECT
        FROM push.run AS r
        WHERE r.source_kind = l.source_kind AND r.source_id = l.source_id AND r.created_at > l.happened_at
    )
GROUP BY l.source_kind, l.source_id, b.campaign_code
ORDER BY l.source_kind, l.source_id
