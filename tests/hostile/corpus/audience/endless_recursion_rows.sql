-- tries: recursion that returns rows for ever
-- guard: passes
-- server: more than 10,000 rows|ran longer|more disk
WITH RECURSIVE a AS (SELECT 1::bigint AS user_id UNION ALL SELECT user_id + 1 FROM a) SELECT user_id FROM a
