-- find_made_rows: rows that somebody made under keys of their own, so that asking again makes nothing twice.
-- params: keys text[], who text, since timestamptz
-- returns: many (key text, campaign_code text)
-- writes: nothing
-- why: found by the rows of the last weeks; the changes of cells are many, and have no index by their text.
SELECT
    c.old_text AS key,
    c.campaign_code
FROM push.sheet_row AS r
INNER JOIN push.sheet_change AS c ON r.campaign_code = c.campaign_code
WHERE r.created_at >= CAST(:since AS timestamptz)
    AND r.created_by = CAST(:who AS text)
    AND c.column_key = '' AND c.new_text = 'made'
    AND c.old_text = ANY(CAST(:keys AS text[]))
