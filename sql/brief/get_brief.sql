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
    b.version,
    b.notes,
    b.created_by,
    b.created_at,
    b.changed_at,
    b.content,
    b.content_hash,
    b.edited_by,
    b.edited_at,
    b.approval_id,
    b.approved_by,
    b.approved_at,
    b.reach_expected,
    b.reach_low,
    b.reach_high
FROM push.sheet_brief AS b
WHERE b.campaign_code = CAST(:campaign_code AS text)
