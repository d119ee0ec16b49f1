-- tries: a command of psql that runs results
-- guard: backslash
-- server: syntax error
SELECT 1 AS user_id \gexec
