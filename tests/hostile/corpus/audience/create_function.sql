-- tries: make a function that others would call
-- guard: one SELECT
-- server: syntax error
CREATE FUNCTION public.now() RETURNS int LANGUAGE sql AS 'SELECT 1'
