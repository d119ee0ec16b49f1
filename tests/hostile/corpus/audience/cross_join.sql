-- tries: 10^9 rows and more
-- guard: passes
-- server: would cost
SELECT count(*) AS user_id FROM company.many AS a, company.many AS b, company.many AS c
