-- tries: a SECURITY DEFINER function that writes
-- guard: passes
-- server: read-only transaction
SELECT company.open_door(7) AS user_id
