-- tries: the same, quoted and with its schema
-- guard: pg_try_advisory_lock
-- server: permission denied
SELECT 1 AS user_id WHERE pg_catalog."pg_try_advisory_lock"(1)
