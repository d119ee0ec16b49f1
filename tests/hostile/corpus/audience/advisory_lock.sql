-- tries: a lock that others may wait for
-- guard: pg_advisory_lock
-- server: permission denied
SELECT 1 AS user_id WHERE pg_advisory_lock(1) IS NOT NULL
