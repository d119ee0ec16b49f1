-- tries: padding to a gigabyte, thrice
-- guard: passes
-- server: more memory|ran longer|alloc request|exceed
SELECT octet_length(lpad('', 250000000, 'a')) + octet_length(rpad('', 250000000, 'a')) AS user_id
