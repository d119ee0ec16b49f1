-- tries: a width in format()
-- guard: passes
-- server: more memory|ran longer|alloc request|exceed
SELECT octet_length(format('%900000000s', 'a')) + octet_length(format('%900000001s', 'b')) AS user_id
