-- tries: an object of its own before the server's
-- guard: one SELECT
-- server: syntax error
SET search_path = company, pg_catalog
