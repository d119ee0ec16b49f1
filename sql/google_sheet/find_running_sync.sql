-- find_running_sync: whether somebody syncs with Google now.
-- params: none
-- returns: one (is_running boolean)
-- writes: nothing
SELECT EXISTS(
    SELECT
    FROM pg_catalog.pg_locks AS l
    WHERE l.locktype = 'advisory' AND l.classid = 7405 AND l.objid = 1 AND l.granted
        AND l.database = (SELECT d.oid FROM pg_catalog.pg_database AS d WHERE d.datname = current_database())
) AS is_running
