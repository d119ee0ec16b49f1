-- list_live_runs: the runs of a brief of which something may still leave, if it is let.
-- params: brief_id bigint, now timestamptz
-- returns: many (run_id bigint)
-- writes: nothing
SELECT r.run_id
FROM push.run AS r
WHERE
    r.source_kind = 'brief'
    AND r.source_id = CAST(:brief_id AS bigint)
    AND r.status IN ('planning', 'planned', 'set_aside')
    AND r.expires_at > CAST(:now AS timestamptz)
ORDER BY r.run_id
