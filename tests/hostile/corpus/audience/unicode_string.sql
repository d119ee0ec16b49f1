-- tries: a U& string
-- guard: U& string
-- server: rows 1|invalid
SELECT 1 AS user_id WHERE U&'d\0061t' IS NOT NULL
