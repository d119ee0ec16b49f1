-- list_same_utm: rows of the sheet with one of these utm_campaign.
-- params: names text[]
-- returns: many (campaign_code text, name text)
-- writes: nothing
SELECT
    s.campaign_code,
    s.name
FROM push.sheet_utm AS s
WHERE s.name = ANY(CAST(:names AS text[]))
ORDER BY s.campaign_code
