-- tries: infinity as a user
-- guard: passes
-- server: cannot convert infinity|out of range
SELECT 'Infinity'::float8 AS user_id
