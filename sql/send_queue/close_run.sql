-- close_run: notes that nothing of a cancelled or expired run is open any more.
-- params: run_id bigint, now timestamptz
-- returns: none
-- writes: run
UPDATE push.run
SET closed_at = CAST(:now AS timestamptz)
WHERE run_id = CAST(:run_id AS bigint) AND status IN ('cancelled', 'expired') AND closed_at IS NULL
