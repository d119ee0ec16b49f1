-- wait_for_approval: let a run that was refused because its approval was taken back wait until that comes again; it leaves the wave at once.
-- params: run_id bigint
-- returns: none
-- writes: run
-- why: it is set aside without a failure of its own: by that take_due_runs knows it. What failed in it before still waits for a person.
UPDATE push.run
SET
    status = 'set_aside',
    status_note = CASE
        WHEN EXISTS (SELECT FROM push.set_aside AS a WHERE a.run_id = run.run_id) THEN status_note
        ELSE 'Its approval was taken back. Approved again in time, the rest is planned by itself.'
    END
WHERE run_id = CAST(:run_id AS bigint) AND status = 'planning'
