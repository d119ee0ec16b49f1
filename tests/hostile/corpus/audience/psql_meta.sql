-- tries: a command of psql
-- guard: backslash
-- server: syntax error
SELECT 1 AS user_id \! id
