-- tries: a letter that only some fold
-- guard: passes|cannot be read|one SELECT
-- server: syntax error|does not exist
SELECT 1 AS user_id FROM company.person WHERE Key = 1
