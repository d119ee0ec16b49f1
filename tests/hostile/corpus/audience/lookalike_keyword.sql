-- tries: ＤＥＬＥＴＥ in full width
-- guard: cannot be read|one SELECT
-- server: syntax error
SELECT 1 AS user_id FROM company.person ＷＨＥＲＥ ＤＥＬＥＴＥ
