-- take_sync_lock: let one sync with Google run at a time; the lock ends with the connection.
-- params: none
-- returns: one (is_taken boolean)
-- writes: nothing
-- why: an advisory lock, because it needs no open transaction while Google is asked, and a killed process leaves none behind.
SELECT pg_try_advisory_lock(7405, 1) AS is_taken
