-- tries: jsonb nested 100,000 deep
-- guard: passes
-- server: stack depth|exceed
SELECT length(repeat('[', 100000)::jsonb::text) AS user_id
