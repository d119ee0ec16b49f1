-- tries: 10^9 rows that the estimate does not see
-- guard: passes
-- server: ran longer
SELECT count(*) AS user_id FROM generate_series(1, 100000) AS a, LATERAL generate_series(1, a * 10) AS b WHERE b > a * 10
