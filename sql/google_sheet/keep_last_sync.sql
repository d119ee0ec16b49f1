-- keep_last_sync: remember what the last sync of a tab did.
-- params: spreadsheet text, worksheet text, last_sync jsonb
-- returns: none
-- writes: google_sheet
INSERT INTO push.google_sheet (spreadsheet, worksheet, last_sync)
VALUES (CAST(:spreadsheet AS text), CAST(:worksheet AS text), CAST(:last_sync AS jsonb))
ON CONFLICT (spreadsheet, worksheet) DO UPDATE SET last_sync = excluded.last_sync
