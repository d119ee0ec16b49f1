-- tries: a sort that spills
-- guard: passes
-- server: more disk|ran longer
SELECT count(*) AS user_id FROM (SELECT repeat(a.name, 500) AS n FROM company.many AS a, generate_series(1, 20) AS g ORDER BY md5(a.name || g), n OFFSET 0) AS q
