-- tries: DML inside a CTE, by MERGE
-- guard: MERGE|cannot be read
-- server: read-only transaction|must be at the top level
WITH m AS (MERGE INTO company.person AS p USING (SELECT 1 AS x) AS s ON p.user_id = s.x WHEN MATCHED THEN DELETE RETURNING p.user_id) SELECT user_id FROM m
