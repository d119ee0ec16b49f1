-- close_run: notes that nothing of a cancelled or expired run is open any more; answers whether that is new.
-- params: run_id bigint, now timestamptz
-- returns: one (is_new boolean)
-- writes: run
SELECT push.close_run(CAST(:run_id AS bigint), CAST(:now AS timestamptz)) AS is_new
