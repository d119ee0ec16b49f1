-- tries: a series of 10^12
-- guard: passes
-- server: ran longer|would cost
SELECT max(g) AS user_id FROM generate_series(1, 1000000000000) AS g
