-- tries: a regular expression that goes back and forth
-- guard: backslash
-- server: ran longer|rows 0|rows 1|too complex
SELECT 1 AS user_id WHERE repeat('a', 5000) ~ '^(a|aa|aaa)*(\1)*b$'
