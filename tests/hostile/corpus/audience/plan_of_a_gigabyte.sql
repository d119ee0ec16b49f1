-- tries: a constant that would come back with the plan
-- guard: passes
-- server: more memory|ran longer|alloc request|exceed|rows 0
SELECT user_id FROM company.many WHERE name = repeat('x', 400000000)
