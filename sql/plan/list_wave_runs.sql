-- list_wave_runs: the runs of a wave that are being planned, the most important first.
-- params: wave_id bigint
-- returns: many (run_id bigint)
-- writes: nothing
SELECT r.run_id
FROM push.run AS r
WHERE r.wave_id = CAST(:wave_id AS bigint) AND r.status = 'planning' AND r.snapshot_at IS NOT NULL
ORDER BY r.priority, r.expires_at, r.run_id
