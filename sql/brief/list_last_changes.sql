-- list_last_changes: who changed which cells of a row last.
-- params: campaign_code text, column_keys text[]
-- returns: many (column_key text, who text, happened_at timestamptz)
-- writes: nothing
SELECT DISTINCT ON (c.column_key)
    c.column_key,
    c.who,
    c.happened_at
FROM push.sheet_change AS c
WHERE c.campaign_code = CAST(:campaign_code AS text) AND c.column_key = ANY(CAST(:column_keys AS text[]))
ORDER BY c.column_key, c.revision DESC
