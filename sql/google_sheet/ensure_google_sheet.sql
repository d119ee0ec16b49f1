-- ensure_google_sheet: remember a tab that is synced; knowing it already changes nothing.
-- params: spreadsheet text, worksheet text
-- returns: none
-- writes: google_sheet
INSERT INTO push.google_sheet (spreadsheet, worksheet)
VALUES (CAST(:spreadsheet AS text), CAST(:worksheet AS text))
ON CONFLICT (spreadsheet, worksheet) DO NOTHING
