-- tries: a table made from a SELECT
-- guard: INTO
-- server: not allowed here|syntax error|INTO
SELECT user_id INTO stolen FROM company.person
