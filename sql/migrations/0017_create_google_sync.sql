-- The sync with Google Sheets: what the sheet and the page last agreed on, and the write that is under way.
CREATE TABLE push.google_sheet (
    google_sheet_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    spreadsheet text NOT NULL,
    worksheet text NOT NULL,
    token bigint NOT NULL DEFAULT 0,
    pending jsonb,
    headers jsonb NOT NULL DEFAULT '{}',
    last_sync jsonb,
    CONSTRAINT google_sheet_once UNIQUE (spreadsheet, worksheet)
);
COMMENT ON TABLE push.google_sheet IS 'A tab of Google Sheets that is kept in step with the sheet page.';
COMMENT ON COLUMN push.google_sheet.token IS 'Number of the last write that was begun; the tab carries the number of the last one that Google took.';
COMMENT ON COLUMN push.google_sheet.pending IS 'The write that was begun and not yet confirmed: its cells and the codes that it gives to new rows.';
COMMENT ON COLUMN push.google_sheet.headers IS 'Column key -> where its header stood and what it said when it was last seen.';
COMMENT ON COLUMN push.google_sheet.last_sync IS 'What the last sync did, for the page.';

CREATE TABLE push.google_row (
    google_sheet_id bigint NOT NULL REFERENCES push.google_sheet ON DELETE CASCADE,
    campaign_code text NOT NULL CONSTRAINT google_row_code_has_its_form CHECK (campaign_code ~ '^C-\d{4}-\d{3,}$'),
    in_sheet jsonb NOT NULL DEFAULT '{}',
    in_page jsonb NOT NULL DEFAULT '{}',
    is_reserved boolean NOT NULL DEFAULT false,
    PRIMARY KEY (google_sheet_id, campaign_code)
);
COMMENT ON TABLE push.google_row IS 'What a row of the tab and its row of the page said when they were last compared.';
COMMENT ON COLUMN push.google_row.in_sheet IS 'Column key -> text of the tab; a key that is missing was never compared.';
COMMENT ON COLUMN push.google_row.in_page IS
'Column key -> text of the page; another text than in_sheet: both were changed at once and people have not chosen. Null: to be written again.';
COMMENT ON COLUMN push.google_row.is_reserved IS 'The code was given to a row of the tab, and the row is made when the tab is seen to carry it.';

GRANT SELECT ON push.google_sheet, push.google_row TO pushline_planner;
