-- list_rows_of_utm: rows of the sheet with one of these utm_campaign, or with one that the rows of these codes have had since a revision.
-- params: names text[], codes text[], since bigint
-- returns: many (campaign_code text)
-- writes: nothing
WITH wanted AS (
    SELECT unnest(CAST(:names AS text[])) AS name
    UNION
    SELECT btrim(c.old_text) AS name
    FROM push.sheet_change AS c
    WHERE
        c.campaign_code = ANY(CAST(:codes AS text[]))
        AND c.column_key = 'utm_campaign' AND c.revision > CAST(:since AS bigint) AND c.old_text <> ''
)

SELECT s.campaign_code
FROM wanted AS w
INNER JOIN push.sheet_utm AS s ON w.name = s.name
ORDER BY s.campaign_code
