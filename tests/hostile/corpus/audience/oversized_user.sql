-- tries: a number beyond bigint
-- guard: passes
-- server: out of range
SELECT 99999999999999999999 AS user_id
