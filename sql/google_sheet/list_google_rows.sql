-- list_google_rows: what the rows of a tab and of the page said when they were last compared.
-- params: google_sheet_id bigint
-- returns: many (campaign_code text, in_sheet jsonb, in_page jsonb, is_reserved boolean)
-- writes: nothing
SELECT
    r.campaign_code,
    r.in_sheet,
    r.in_page,
    r.is_reserved
FROM push.google_row AS r
WHERE r.google_sheet_id = CAST(:google_sheet_id AS bigint)
ORDER BY r.campaign_code
