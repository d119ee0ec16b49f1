-- tries: an E'' string
-- guard: string is not allowed
-- server: syntax error|unterminated
SELECT E'\'' AS x, 1 AS user_id; DELETE FROM company.person --'
