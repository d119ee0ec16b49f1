-- tries: a second statement behind a semicolon
-- guard: one SELECT only
-- server: syntax error|multiple commands
SELECT 1 AS user_id; DELETE FROM company.person
