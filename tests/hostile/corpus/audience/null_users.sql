-- tries: no user at all
-- guard: passes
-- server: rows 5
SELECT NULL::bigint AS user_id FROM generate_series(1, 5)
