-- tries: whether a file is there
-- guard: pg_stat_file
-- server: permission denied
SELECT size AS user_id FROM pg_stat_file('/etc/passwd')
