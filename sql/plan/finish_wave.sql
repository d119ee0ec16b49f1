-- finish_wave: note when a wave ended.
-- params: wave_id bigint, now timestamptz
-- returns: none
-- writes: wave
UPDATE push.wave
SET finished_at = coalesce(CAST(:now AS timestamptz), clock_timestamp())
WHERE wave_id = CAST(:wave_id AS bigint)
