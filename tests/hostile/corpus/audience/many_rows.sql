-- tries: more rows than allowed
-- guard: passes
-- server: more than 10,000 rows
SELECT g AS user_id FROM generate_series(1, 20000) AS g
