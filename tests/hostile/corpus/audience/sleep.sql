-- tries: hold a session
-- guard: pg_sleep
-- server: permission denied
SELECT 1 AS user_id WHERE pg_sleep(3600) IS NOT NULL
