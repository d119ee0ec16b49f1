-- tries: lift the time limit of the session
-- guard: set_config
-- server: permission denied
SELECT 1 AS user_id WHERE set_config('statement_timeout', '0', false) IS NOT NULL
