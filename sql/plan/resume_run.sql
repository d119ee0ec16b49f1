-- resume_run: make a run that was set aside or left unfinished wait for a wave again.
-- params: run_id bigint
-- returns: none
-- writes: set_aside, run
WITH cleared AS (
    DELETE FROM push.set_aside WHERE run_id = CAST(:run_id AS bigint)
)

UPDATE push.run
SET status = 'waiting', status_note = ''
WHERE run_id = CAST(:run_id AS bigint) AND status IN ('waiting', 'planning', 'set_aside')
