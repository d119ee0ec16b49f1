-- tries: DML inside a CTE
-- guard: DELETE
-- server: read-only transaction|must be at the top level
WITH gone AS (DELETE FROM company.person RETURNING user_id) SELECT user_id FROM gone
