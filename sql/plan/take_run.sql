-- take_run: take one run into a wave of its own.
-- params: wave_id bigint, run_id bigint, now timestamptz
-- returns: none
-- writes: run
UPDATE push.run
SET status = 'planning', wave_id = CAST(:wave_id AS bigint)
WHERE run_id = CAST(:run_id AS bigint) AND due_at <= CAST(:now AS timestamptz) AND expires_at > CAST(:now AS timestamptz)
