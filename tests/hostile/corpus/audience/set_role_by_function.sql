-- tries: become another role by a function
-- guard: set_config
-- server: permission denied
SELECT 1 AS user_id WHERE set_config('role', 'pushline_planner', false) IS NOT NULL
