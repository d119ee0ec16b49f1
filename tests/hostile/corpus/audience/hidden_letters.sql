-- tries: a text that reads from right to left
-- guard: U\+202E
-- server: rows \d+|syntax error|does not exist
SELECT user_id FROM company.person WHERE city <> '‮ x' -- ⁦
