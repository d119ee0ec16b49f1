-- tries: rows locked until the end
-- guard: FOR UPDATE
-- server: permission denied
SELECT user_id FROM company.person FOR UPDATE
