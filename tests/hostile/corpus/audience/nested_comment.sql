-- tries: a comment in a comment hides a statement
-- guard: comment inside a comment
-- server: rows 2
SELECT user_id FROM company.person /* /* */ ; DROP TABLE company.person; -- */
