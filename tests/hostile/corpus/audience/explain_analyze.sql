-- tries: EXPLAIN that runs it
-- guard: one SELECT
-- server: syntax error
EXPLAIN ANALYZE DELETE FROM company.person
