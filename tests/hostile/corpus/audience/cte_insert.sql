-- tries: DML inside a CTE
-- guard: INSERT
-- server: read-only transaction|must be at the top level
WITH new AS (INSERT INTO company.person (user_id) VALUES (666) RETURNING user_id) SELECT user_id FROM new
