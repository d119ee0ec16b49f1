-- list_sheet_rows: rows of the sheet beside their briefs, by their time of sending as typed; null for a filter means any.
-- params: since bigint, codes text[], with_removed boolean
-- returns: many (campaign_code text, cells jsonb, cell_revisions jsonb, revision bigint, brief_version integer, brief_cells jsonb,
--   brief_mark text, writers text[], problems jsonb, changed_by text, changed_at timestamptz, removed_at timestamptz, brief_id bigint, status text,
--   version integer, notes jsonb, content jsonb, content_hash text, edited_by text[], approval_id bigint, approved_by text,
--   approved_at timestamptz, reach_expected integer, reach_low integer,
--   reach_high integer)
-- writes: nothing
SELECT
    r.campaign_code,
    r.cells,
    r.cell_revisions,
    r.revision,
    r.brief_version,
    r.brief_cells,
    r.brief_mark,
    r.writers,
    r.problems,
    r.changed_by,
    r.changed_at,
    r.removed_at,
    b.brief_id,
    coalesce(b.status, 'idea') AS status,
    b.version,
    b.notes,
    b.content,
    b.content_hash,
    b.edited_by,
    b.approval_id,
    b.approved_by,
    b.approved_at,
    b.reach_expected,
    b.reach_low,
    b.reach_high
FROM push.sheet_row AS r
LEFT JOIN push.sheet_brief AS b ON r.campaign_code = b.campaign_code
WHERE (CAST(:since AS bigint) IS NULL OR r.revision > CAST(:since AS bigint))
    AND (CAST(:codes AS text[]) IS NULL OR r.campaign_code = ANY(CAST(:codes AS text[])))
    AND (CAST(:with_removed AS boolean) OR r.removed_at IS NULL)
ORDER BY r.campaign_code
