-- list_sheet_changes: every change of the cells of a row, oldest first.
-- params: campaign_code text
-- returns: many (revision bigint, column_key text, old_text text, new_text text, who text, happened_at timestamptz)
-- writes: nothing
SELECT
    c.revision,
    c.column_key,
    c.old_text,
    c.new_text,
    c.who,
    c.happened_at
FROM push.sheet_change AS c
WHERE c.campaign_code = CAST(:campaign_code AS text)
ORDER BY c.revision, c.column_key
