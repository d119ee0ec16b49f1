-- tries: a number of 100,000 digits
-- guard: passes
-- server: ran longer|overflow|rows 1
SELECT length((9.9999999::numeric ^ 99999)::text) AS user_id
