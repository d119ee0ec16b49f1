-- list_closed_functions: which functions of the server a role lacks for deciding, watching readers and syncing; empty when it has them all.
-- params: role_name text
-- returns: one (names text)
-- writes: nothing
-- why: push.contain_audience_reader() closes them to everybody but the roles that exist then.
SELECT coalesce(string_agg(DISTINCT p.proname, ', ' ORDER BY p.proname), '') AS names
FROM pg_catalog.pg_proc AS p
WHERE p.pronamespace = 'pg_catalog'::regnamespace
    AND p.proname IN ('pg_export_snapshot', 'pg_terminate_backend', 'pg_try_advisory_lock', 'set_config')
    AND NOT has_function_privilege(CAST(:role_name AS text), p.oid, 'EXECUTE')
