-- tries: a text that doubles
-- guard: passes
-- server: more memory|ran longer|alloc request|exceed
WITH RECURSIVE a AS (SELECT 'xxxxxxxx' AS t UNION ALL SELECT t || t FROM a) SELECT count(*) AS user_id FROM a
