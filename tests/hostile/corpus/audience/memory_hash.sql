-- tries: many hash tables at once
-- guard: passes
-- server: more memory|ran longer|alloc request|exceed|would cost|rows 0|more disk
SELECT a.user_id FROM (SELECT DISTINCT user_id, repeat(name, 3000) AS n FROM company.many OFFSET 0) AS a JOIN (SELECT DISTINCT user_id, repeat(name, 3001) AS n FROM company.many OFFSET 0) AS b USING (n)
