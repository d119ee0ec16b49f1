-- tries: user_id twice
-- guard: passes
-- server: ambiguous|specified more than once
SELECT 1 AS user_id, 2 AS user_id
