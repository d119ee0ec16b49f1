-- tries: a text as a user
-- guard: passes
-- server: invalid input syntax
SELECT 'Robert''); DROP TABLE person; --' AS user_id
