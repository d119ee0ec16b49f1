-- tries: NaN as a user
-- guard: passes
-- server: cannot convert NaN|out of range
SELECT 'NaN'::numeric AS user_id
