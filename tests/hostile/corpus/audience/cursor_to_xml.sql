-- tries: SQL through a cursor
-- guard: cursor_to_xml
-- server: permission denied
SELECT 1 AS user_id WHERE cursor_to_xml('c', 1, true, true, '') IS NOT NULL
