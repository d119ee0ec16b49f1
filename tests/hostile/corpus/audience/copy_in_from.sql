-- tries: COPY as a table
-- guard: cannot be read|COPY|one SELECT
-- server: syntax error
SELECT user_id FROM (COPY company.person TO STDOUT) AS q
