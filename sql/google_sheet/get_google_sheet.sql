-- get_google_sheet: what is remembered of a tab that is synced.
-- params: spreadsheet text, worksheet text
-- returns: one (google_sheet_id bigint, token bigint, pending jsonb, headers jsonb, last_sync jsonb)
-- writes: nothing
SELECT
    g.google_sheet_id,
    g.token,
    g.pending,
    g.headers,
    g.last_sync
FROM push.google_sheet AS g
WHERE g.spreadsheet = CAST(:spreadsheet AS text) AND g.worksheet = CAST(:worksheet AS text)
