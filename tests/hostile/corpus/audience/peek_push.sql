-- tries: tables of Pushline
-- guard: passes
-- server: permission denied
SELECT user_id FROM push.person
