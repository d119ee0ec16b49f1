-- export_snapshot: the name under which another connection sees exactly what this one does.
-- params: none
-- returns: one (name text)
-- writes: nothing
SELECT pg_export_snapshot() AS name
