-- tries: recursion without an end
-- guard: passes
-- server: ran longer|more disk
WITH RECURSIVE a AS (SELECT 1::bigint AS user_id UNION ALL SELECT user_id FROM a) SELECT sum(user_id) AS user_id FROM a
