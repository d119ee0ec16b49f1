-- tries: constants worked out before the plan is even shown
-- guard: passes
-- server: more memory|ran longer|alloc request|exceed
SELECT octet_length(repeat('a', 900000000)) + octet_length(repeat('b', 900000000)) AS user_id
