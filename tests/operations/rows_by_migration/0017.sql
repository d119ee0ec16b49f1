INSERT INTO push.google_sheet (spreadsheet, worksheet, token) VALUES ('1aBc', 'Campaigns', 3);
INSERT INTO push.google_row (google_sheet_id, campaign_code, in_sheet, in_page)
VALUES (1, 'C-2026-001', '{"idea": "Скидка"}', '{"idea": "Скидка"}');
