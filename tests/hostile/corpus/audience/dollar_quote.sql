-- tries: a $$ string
-- guard: \$\$ string
-- server: rows 1|invalid input
SELECT 1 AS user_id WHERE $x$ ' ; DROP TABLE company.person; $x$ IS NOT NULL
