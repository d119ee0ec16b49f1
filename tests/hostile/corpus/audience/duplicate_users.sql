-- tries: the same user again and again
-- guard: passes
-- server: rows 5000
SELECT 1 AS user_id FROM generate_series(1, 5000)
