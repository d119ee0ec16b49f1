-- tries: a SECURITY DEFINER function that lifts read-only
-- guard: passes
-- server: read-write mode|read-only
SELECT company.lift_limits() AS user_id
