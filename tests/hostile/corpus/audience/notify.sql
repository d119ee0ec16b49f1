-- tries: wake the planner
-- guard: pg_notify
-- server: permission denied
SELECT 1 AS user_id WHERE pg_notify('pushline', 'x') IS NOT NULL
