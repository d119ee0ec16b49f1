-- tries: end others' sessions
-- guard: pg_terminate_backend
-- server: permission denied
SELECT pid AS user_id FROM (SELECT pg_terminate_backend(g) AS done, g AS pid FROM generate_series(1, 9) AS g) AS q WHERE done
