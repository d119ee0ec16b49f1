-- tries: negative and zero users: unknown people, nothing else
-- guard: passes
-- server: rows 3
SELECT x AS user_id FROM (VALUES (-9223372036854775808), (-1), (0)) AS v (x)
