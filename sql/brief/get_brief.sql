-- get_brief: one brief with its current version and live approval.
-- params: campaign_code text
-- returns: one (brief_id bigint, campaign_code text, status text, version integer, notes jsonb,
--   created_by text, created_at timestamptz, changed_at timestamptz, content jsonb, content_hash text,
--   edited_by text[], edited_at timestamptz, approval_id bigint, approved_by text, approved_at timestamptz,
--   reach_expected integer, reach_low integer, reach_high integer)
-- writes: nothing
SELECT
    b.brief_id,
    b.campaign_code,
    b.status,
    b.current_version AS version,
    b.notes,
    b.created_by,
    b.created_at,
    b.changed_at,
    v.content,
    v.content_hash,
    v.edited_by,
    v.edited_at,
    a.approval_id,
    a.approved_by,
    a.approved_at,
    a.reach_expected,
    a.reach_low,
    a.reach_high
FROM push.brief AS b
INNER JOIN push.brief_version AS v ON b.brief_id = v.brief_id AND b.current_version = v.version
LEFT JOIN push.approval AS a
    ON
        a.source_kind = 'brief' AND b.brief_id = a.source_id AND v.version = a.version
        AND a.withdrawn_at IS NULL
WHERE b.campaign_code = CAST(:campaign_code AS text)
