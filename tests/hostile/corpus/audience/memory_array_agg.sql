-- tries: one array of many long texts
-- guard: passes
-- server: more memory|ran longer|alloc request|exceed
SELECT cardinality(array_agg(repeat(name, 20000))) AS user_id FROM company.many
