-- tries: close our brackets within one statement
-- guard: cannot be read|one SELECT|Invalid
-- server: permission denied|syntax error|already|specified more than once|does not exist
SELECT 1 AS user_id) AS q), audience AS (SELECT 2 AS user_id, set_config('statement_timeout', '0', false) AS fields FROM (SELECT 1
