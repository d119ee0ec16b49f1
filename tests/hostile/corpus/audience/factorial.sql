-- tries: arithmetic without a break
-- guard: passes
-- server: ran longer|overflow|rows 1
SELECT length(factorial(20000)::text) AS user_id
