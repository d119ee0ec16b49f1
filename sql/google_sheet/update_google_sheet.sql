-- update_google_sheet: remember the write that is under way (null: none), its number and the headers.
-- params: google_sheet_id bigint, token bigint, pending jsonb, headers jsonb
-- returns: none
-- writes: google_sheet
UPDATE push.google_sheet
SET token = CAST(:token AS bigint), pending = CAST(:pending AS jsonb), headers = CAST(:headers AS jsonb)
WHERE google_sheet_id = CAST(:google_sheet_id AS bigint)
