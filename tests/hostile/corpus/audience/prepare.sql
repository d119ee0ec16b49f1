-- tries: a prepared statement
-- guard: one SELECT
-- server: syntax error
PREPARE x AS SELECT 1
