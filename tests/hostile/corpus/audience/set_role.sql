-- tries: become another role
-- guard: one SELECT
-- server: syntax error
SET ROLE pushline_planner
