-- release_sync_lock: let the next sync with Google run.
-- params: none
-- returns: one (was_taken boolean)
-- writes: nothing
SELECT pg_advisory_unlock(7405, 1) AS was_taken
