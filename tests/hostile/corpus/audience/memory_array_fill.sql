-- tries: a large array
-- guard: passes
-- server: more memory|ran longer|alloc request|exceed
SELECT cardinality(array_fill(1::bigint, ARRAY[100000000])) AS user_id
