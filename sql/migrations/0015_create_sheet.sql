-- The campaign sheet as people type it: a row a brief, and a row for what is not good enough yet to be one.
CREATE TABLE push.sheet_clock (
    only_row boolean PRIMARY KEY DEFAULT true CONSTRAINT sheet_clock_is_one_row CHECK (only_row),
    revision bigint NOT NULL DEFAULT 0
);
COMMENT ON TABLE push.sheet_clock IS
'Locked by every save of the sheet: revisions are committed in their order, so whoever asks for all since one misses nothing.';
INSERT INTO push.sheet_clock DEFAULT VALUES;

CREATE TABLE push.sheet_row (
    campaign_code text PRIMARY KEY CONSTRAINT sheet_row_code_has_its_form CHECK (campaign_code ~ '^C-\d{4}-\d{3,}$'),
    cells jsonb NOT NULL DEFAULT '{}' CONSTRAINT sheet_cells_are_an_object CHECK (jsonb_typeof(cells) = 'object'),
    cell_revisions jsonb NOT NULL DEFAULT '{}',
    revision bigint NOT NULL,
    brief_version integer,
    brief_cells jsonb NOT NULL DEFAULT '{}',
    brief_mark text,
    writers text[] NOT NULL DEFAULT '{}',
    problems jsonb NOT NULL DEFAULT '[]',
    checked_at timestamptz,
    checked_by_rules text NOT NULL DEFAULT '',
    check_again_at timestamptz,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamptz NOT NULL,
    removed_at timestamptz,
    removed_by text,
    CONSTRAINT removal_has_a_name CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);
COMMENT ON TABLE push.sheet_row IS 'One row of the page: cells as typed. What is good in it is saved as its brief at once.';
COMMENT ON COLUMN push.sheet_row.cells IS 'Column key -> text as people typed it; an empty cell is left out.';
COMMENT ON COLUMN push.sheet_row.cell_revisions IS 'Column key -> revision of its last change; kept when the cell is emptied.';
COMMENT ON COLUMN push.sheet_row.brief_version IS
'The version of the brief that says what these cells say; null: they say something else, or nothing good was saved yet.';
COMMENT ON COLUMN push.sheet_row.brief_cells IS
'The brief as cells, as this row last saw it: tells what was edited elsewhere.';
COMMENT ON COLUMN push.sheet_row.brief_mark IS 'push.sheet_brief.mark as this row last saw it.';
COMMENT ON COLUMN push.sheet_row.writers IS
'Who typed what no version has yet: they become its editors, who may not approve it.';
CREATE INDEX sheet_row_revision_idx ON push.sheet_row (revision);

CREATE TABLE push.sheet_change (
    revision bigint NOT NULL,
    campaign_code text NOT NULL,
    column_key text NOT NULL,
    old_text text NOT NULL,
    new_text text NOT NULL,
    who text NOT NULL,
    happened_at timestamptz NOT NULL,
    PRIMARY KEY (campaign_code, revision, column_key)
);
COMMENT ON TABLE push.sheet_change IS 'Every change of a cell, good or red. All changes of a row together are its cells.';
CREATE TRIGGER sheet_change_never_changes BEFORE UPDATE OR DELETE ON push.sheet_change
FOR EACH ROW EXECUTE FUNCTION push.refuse_rewritten_brief();

GRANT SELECT ON push.sheet_clock, push.sheet_row, push.sheet_change TO pushline_planner;
