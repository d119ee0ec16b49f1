-- tries: a temporary table that hides a real one
-- guard: one SELECT
-- server: syntax error
CREATE TEMP TABLE person (user_id bigint)
