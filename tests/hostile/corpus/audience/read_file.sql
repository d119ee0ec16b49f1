-- tries: a file of the server
-- guard: pg_read_file
-- server: permission denied
SELECT length(pg_read_file('/etc/passwd')) AS user_id
