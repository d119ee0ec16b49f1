-- upsert_sheet_rows: write rows of the sheet whole; who made one and when stays.
-- params: rows jsonb
-- returns: none
-- writes: sheet_row
-- why: rows is an array of objects with the columns' names; one statement for one row and for five hundred.
--   Without a brief_mark the row knows its brief as it is now: the caller holds the brief's lock.
INSERT INTO push.sheet_row (
    campaign_code, cells, cell_revisions, revision, brief_version, brief_cells, brief_mark, writers, problems,
    checked_at, checked_by_rules, check_again_at, created_by, created_at, changed_by, changed_at, removed_at, removed_by
)
SELECT
    n.campaign_code,
    n.cells,
    n.cell_revisions,
    n.revision,
    n.brief_version,
    n.brief_cells,
    coalesce(n.brief_mark, (SELECT b.mark FROM push.sheet_brief AS b WHERE b.campaign_code = n.campaign_code)),
    n.writers,
    n.problems,
    n.checked_at,
    n.checked_by_rules,
    n.check_again_at,
    n.changed_by,
    n.changed_at,
    n.changed_by,
    n.changed_at,
    n.removed_at,
    n.removed_by
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (
    campaign_code text, cells jsonb, cell_revisions jsonb, revision bigint, brief_version integer, brief_cells jsonb,
    brief_mark text, writers text[], problems jsonb, checked_at timestamptz, checked_by_rules text, check_again_at timestamptz,
    changed_by text, changed_at timestamptz, removed_at timestamptz, removed_by text
)
ON CONFLICT (campaign_code) DO UPDATE SET
    cells = excluded.cells,
    cell_revisions = excluded.cell_revisions,
    revision = excluded.revision,
    brief_version = excluded.brief_version,
    brief_cells = excluded.brief_cells,
    brief_mark = excluded.brief_mark,
    writers = excluded.writers,
    problems = excluded.problems,
    checked_at = excluded.checked_at,
    checked_by_rules = excluded.checked_by_rules,
    check_again_at = excluded.check_again_at,
    changed_by = excluded.changed_by,
    changed_at = excluded.changed_at,
    removed_at = excluded.removed_at,
    removed_by = excluded.removed_by
