-- tries: run a prepared statement
-- guard: one SELECT
-- server: syntax error
EXECUTE x
