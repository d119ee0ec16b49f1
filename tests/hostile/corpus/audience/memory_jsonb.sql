-- tries: one jsonb of many rows
-- guard: passes
-- server: more memory|ran longer|alloc request|exceed|too large
SELECT length(jsonb_agg(jsonb_build_object('a', repeat(name, 20000)))::text) AS user_id FROM company.many
