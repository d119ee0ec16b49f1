-- tries: one text of many rows
-- guard: passes
-- server: more memory|ran longer|alloc request|exceed
SELECT octet_length(string_agg(repeat(name, 20000), '')) AS user_id FROM company.many
