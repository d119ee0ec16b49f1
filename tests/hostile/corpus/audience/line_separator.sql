-- tries: a line end that editors do not show
-- guard: U\+2028
-- server: rows \d+|syntax error|unterminated
SELECT user_id FROM company.person -- nothing   WHERE city IS NOT NULL
