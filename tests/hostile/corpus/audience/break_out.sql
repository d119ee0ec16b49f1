-- tries: close our brackets and begin again
-- guard: cannot be read|one SELECT|Invalid
-- server: syntax error|multiple commands|user_id
SELECT 1 AS user_id) AS q LIMIT 1) SELECT 1; DROP TABLE company.person; --
