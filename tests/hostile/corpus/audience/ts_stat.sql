-- tries: SQL inside a text, by full-text search
-- guard: ts_stat
-- server: permission denied|read-only
SELECT ndoc AS user_id FROM ts_stat('SELECT to_tsvector(rolpassword) FROM pg_authid')
