-- list_stale_rows: briefs that the sheet does not know as they are, with the row, if there is one, and who changed the brief last.
-- params: none
-- returns: many (campaign_code text, status text, version integer, notes jsonb, content jsonb, mark text, who text, happened_at timestamptz, is_new boolean, cells jsonb, cell_revisions jsonb, brief_version integer, brief_cells jsonb)
-- writes: nothing
SELECT
    b.campaign_code,
    b.status,
    b.version,
    b.notes,
    b.content,
    b.mark,
    coalesce(h.who, b.created_by) AS who,
    coalesce(h.happened_at, b.changed_at) AS happened_at,
    r.campaign_code IS NULL AS is_new,
    coalesce(r.cells, '{}') AS cells,
    coalesce(r.cell_revisions, '{}') AS cell_revisions,
    r.brief_version,
    coalesce(r.brief_cells, '{}') AS brief_cells
FROM push.sheet_brief AS b
LEFT JOIN push.sheet_row AS r ON b.campaign_code = r.campaign_code
LEFT JOIN LATERAL (
    SELECT
        k.who,
        k.happened_at
    FROM push.brief_history AS k
    WHERE k.brief_id = b.brief_id AND k.what IN ('created', 'edited', 'noted')
    ORDER BY k.history_id DESC
    LIMIT 1
) AS h ON true
WHERE r.brief_mark IS DISTINCT FROM b.mark
ORDER BY b.brief_id
