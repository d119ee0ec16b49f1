-- tries: a program on the server
-- guard: one SELECT
-- server: syntax error
COPY company.person TO PROGRAM 'id'
