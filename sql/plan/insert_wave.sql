-- insert_wave: begin a wave at the database's clock, or at a given moment.
-- params: lane text, now timestamptz
-- returns: one (wave_id bigint, planned_at timestamptz)
-- writes: wave
INSERT INTO push.wave (lane, planned_at)
VALUES (CAST(CAST(:lane AS text) AS push.lane), coalesce(CAST(:now AS timestamptz), clock_timestamp()))
RETURNING wave_id, planned_at
