-- tries: a file of the server as a large object
-- guard: lo_import
-- server: permission denied
SELECT lo_import('/etc/passwd')::bigint AS user_id
