-- tries: another session by dblink
-- guard: dblink
-- server: does not exist|permission denied
SELECT x AS user_id FROM dblink('dbname=postgres', 'SELECT 1') AS t (x int)
