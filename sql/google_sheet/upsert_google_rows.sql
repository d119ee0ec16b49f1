-- upsert_google_rows: remember what rows said; rows is an array of objects with the columns' names.
-- params: google_sheet_id bigint, rows jsonb
-- returns: none
-- writes: google_row
INSERT INTO push.google_row (google_sheet_id, campaign_code, in_sheet, in_page, is_reserved)
SELECT
    CAST(:google_sheet_id AS bigint) AS google_sheet_id,
    n.campaign_code,
    n.in_sheet,
    n.in_page,
    n.is_reserved
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (campaign_code text, in_sheet jsonb, in_page jsonb, is_reserved boolean)
ON CONFLICT (google_sheet_id, campaign_code) DO UPDATE SET
    in_sheet = excluded.in_sheet,
    in_page = excluded.in_page,
    is_reserved = excluded.is_reserved
