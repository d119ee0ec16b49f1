-- list_run_moments: the planned moments of a run, by zones that share one moment and the same windows.
-- params: occasion timestamptz, local_time timestamp, at timestamptz, expires_at timestamptz, late_by interval, step interval, zone_ids smallint[], project_zone text, quiet_from time, quiet_until time, slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[], delay interval
-- returns: many (moment timestamptz, moment_reason smallint, zones smallint[], quiet_by_zone boolean[], slot_from timestamptz[], slot_until timestamptz[])
-- writes: nothing
SELECT
    m.moment,
    m.moment_reason,
    m.zones,
    m.quiet_by_zone,
    m.slot_from,
    m.slot_until
FROM push.list_moments(
    CAST(:occasion AS timestamptz), CAST(:local_time AS timestamp), CAST(:at AS timestamptz), CAST(:expires_at AS timestamptz),
    CAST(:late_by AS interval), CAST(:step AS interval), CAST(:zone_ids AS smallint[]), CAST(:project_zone AS text),
    CAST(:quiet_from AS time), CAST(:quiet_until AS time), CAST(:slot_kind AS text[]), CAST(:slot_length AS interval[]),
    CAST(:slot_unit AS text[]), CAST(:slot_week_start AS smallint[]), CAST(:delay AS interval)
) AS m
