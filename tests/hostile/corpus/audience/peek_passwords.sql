-- tries: hashes of passwords
-- guard: server's own tables
-- server: permission denied
SELECT length(rolpassword) AS user_id FROM pg_catalog.pg_authid
