-- close_empty_run: end the planning of a run whose audience is empty.
-- params: run_id bigint, at timestamptz
-- returns: none
-- writes: run
UPDATE push.run
SET status = 'planned', status_note = 'Nobody is in the audience.', finished_at = CAST(:at AS timestamptz)
WHERE run_id = CAST(:run_id AS bigint) AND status = 'planning' AND audience_users = 0 AND coalesce(reach_low, 0) = 0
