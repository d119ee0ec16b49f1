-- analyze_staged_rows: temporary tables are never analyzed by the server itself.
-- params: none
-- returns: none
-- writes: nothing
ANALYZE person_row, consent_row, installation_row;
