-- tries: pg_sleep with a Cyrillic letter
-- guard: not allowed
-- server: does not exist
SELECT 1 AS user_id WHERE pg_slееp(3600) IS NOT NULL
