-- tries: a folder of the server
-- guard: pg_ls_dir
-- server: permission denied
SELECT length(pg_ls_dir('/')) AS user_id
