-- tries: cancel others' statements
-- guard: pg_cancel_backend
-- server: permission denied
SELECT 1 AS user_id WHERE pg_cancel_backend(1)
