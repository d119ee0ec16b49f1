-- list_briefs: all briefs, or those of some statuses, by their time of sending.
-- params: statuses text[]
-- returns: many (brief_id bigint, campaign_code text, status text, version integer, notes jsonb,
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
WHERE cardinality(CAST(:statuses AS text[])) = 0 OR b.status = any(CAST(:statuses AS text[]))
ORDER BY b.content ->> 'send_at' NULLS LAST, b.brief_id
