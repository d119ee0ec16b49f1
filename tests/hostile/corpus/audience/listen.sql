-- tries: subscribe
-- guard: one SELECT
-- server: syntax error
LISTEN pushline
