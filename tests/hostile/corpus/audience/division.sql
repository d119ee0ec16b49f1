-- tries: an error in the middle
-- guard: passes
-- server: division by zero
SELECT user_id / (user_id - user_id) AS user_id FROM company.person
