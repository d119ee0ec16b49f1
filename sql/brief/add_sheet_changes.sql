-- add_sheet_changes: remember changes of cells; changes is an array of objects with the columns' names.
-- params: changes jsonb
-- returns: none
-- writes: sheet_change
INSERT INTO push.sheet_change (revision, campaign_code, column_key, old_text, new_text, who, happened_at)
SELECT
    n.revision,
    n.campaign_code,
    n.column_key,
    n.old_text,
    n.new_text,
    n.who,
    n.happened_at
FROM jsonb_to_recordset(CAST(:changes AS jsonb)) AS n (
    revision bigint, campaign_code text, column_key text, old_text text, new_text text, who text, happened_at timestamptz
)
