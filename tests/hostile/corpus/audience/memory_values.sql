-- tries: large values in one row
-- guard: passes
-- server: more memory|ran longer|alloc request|exceed
SELECT octet_length(repeat('a' || user_id, 90000000)) + octet_length(repeat('b' || user_id, 90000000)) + octet_length(repeat('c' || user_id, 90000000)) AS user_id FROM company.many
