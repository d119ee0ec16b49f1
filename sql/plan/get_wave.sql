-- get_wave: a wave's lane and its one moment.
-- params: wave_id bigint
-- returns: one (wave_id bigint, lane text, planned_at timestamptz)
-- writes: nothing
SELECT
    w.wave_id,
    w.lane::text AS lane,
    w.planned_at
FROM push.wave AS w
WHERE w.wave_id = CAST(:wave_id AS bigint)
