-- tries: values of other tables by statistics
-- guard: server's own tables
-- server: rows \d+
SELECT 1 AS user_id FROM pg_stats WHERE schemaname = 'push'
