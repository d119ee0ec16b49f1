-- list_held_runs: runs that wait for somebody to agree to their reach, with the numbers to decide by.
-- params: run_id bigint
-- returns: many (run_id bigint, title text, campaign_code text, status text, reach integer, reach_low integer, reach_high integer, reach_expected integer, approved_by text, occasion timestamptz, expires_at timestamptz, project_zone text, writers text[])
-- writes: nothing
-- why: null for run_id means every held run; a run asked for by its number comes whatever its status.
SELECT
    r.run_id,
    r.title,
    b.campaign_code,
    r.status,
    r.reach,
    r.reach_low,
    r.reach_high,
    a.reach_expected,
    a.approved_by,
    r.occasion,
    r.expires_at,
    s.project_zone,
    array(SELECT w.name FROM push.list_writers(r.run_id) AS w ORDER BY w.name) AS writers
FROM push.run AS r
CROSS JOIN push.setting AS s
LEFT JOIN push.brief AS b
    ON r.source_kind = 'brief' AND r.source_id = b.brief_id
LEFT JOIN push.approval AS a
    ON r.source_kind::text = a.source_kind
        AND r.source_id = a.source_id
        AND r.version = a.version
        AND r.content_hash = a.content_hash
        AND a.withdrawn_at IS NULL
WHERE CASE WHEN CAST(:run_id AS bigint) IS NULL THEN r.status = 'held' ELSE r.run_id = CAST(:run_id AS bigint) END
ORDER BY r.expires_at, r.run_id
