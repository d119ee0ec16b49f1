-- function_list_moments: the planned moments of a run: which zones share one moment and the same counting windows, and where it is quiet then.
-- params: occasion timestamptz, local_time timestamp, at timestamptz, expires_at timestamptz, late_by interval, step interval, zone_ids smallint[], project_zone text, quiet_from time, quiet_until time, slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[], delay interval
-- returns: many (moment timestamptz, moment_reason smallint, zones smallint[], quiet_by_zone boolean[], slot_from timestamptz[], slot_until timestamptz[])
-- writes: nothing
-- why: windows and quiet hours are computed once a zone, never once a user; users of one row are decided by one pass.
--   An array by zone is read with zone_id + 1, since zone 0 is the zone of the project. moment_reason 10 = the local hour has passed for good, 9 = later than the deadline by the throttle's delay.
CREATE OR REPLACE FUNCTION push.list_moments(
    occasion timestamptz, local_time timestamp, at timestamptz, expires_at timestamptz, late_by interval, step interval,
    zone_ids smallint[], project_zone text, quiet_from time, quiet_until time,
    slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[], delay interval
)
RETURNS TABLE (
    moment timestamptz, moment_reason smallint, zones smallint[], quiet_by_zone boolean[],
    slot_from timestamptz[], slot_until timestamptz[]
)
LANGUAGE sql STABLE
AS $$
    WITH zone_in_use AS (
        SELECT z.zone_id, CASE WHEN z.zone_id = 0 THEN project_zone ELSE z.name END AS name
        FROM push.zone AS z
        WHERE z.zone_id = ANY(zone_ids)
    ),
    zone_hour AS (
        SELECT
            z.*,
            CASE WHEN local_time IS NULL THEN occasion
                 ELSE push.round_up_moment(push.instant_of(local_time, z.name), step) END AS hour,
            CASE WHEN local_time IS NOT NULL
                 THEN push.round_up_moment(push.instant_of(local_time + interval '1 day', z.name), step) END AS next_hour
        FROM zone_in_use AS z
    ),
    zone_moment AS (
        SELECT
            h.zone_id,
            h.name,
            CASE
                WHEN h.next_hour IS NULL OR h.hour > at - late_by THEN greatest(h.hour, at)
                ELSE greatest(h.next_hour, at)
            END AS moment
        FROM zone_hour AS h
    ),
    judged AS (
        SELECT
            m.zone_id,
            m.name,
            CASE WHEN m.moment + delay < expires_at THEN m.moment + delay END AS moment,
            CASE WHEN m.moment >= expires_at THEN 10 WHEN m.moment + delay >= expires_at THEN 9 ELSE 0 END AS moment_reason,
            push.quiet_until(m.moment + delay, m.name, quiet_from, quiet_until) IS NOT NULL AS is_quiet,
            w.slot_from,
            w.slot_until
        FROM zone_moment AS m
        CROSS JOIN LATERAL (
            SELECT
                array_agg(b.starts_at ORDER BY s.slot) AS slot_from,
                array_agg(b.ends_at ORDER BY s.slot) AS slot_until
            FROM unnest(slot_kind, slot_length, slot_unit, slot_week_start) WITH ORDINALITY AS s (kind, length, unit, week_start, slot)
            CROSS JOIN LATERAL push.window_of(
                m.moment + delay, s.kind, s.length, s.unit, s.week_start, CASE WHEN s.kind = 'calendar_user' THEN m.name ELSE project_zone END
            ) AS b
        ) AS w
    )
    SELECT
        j.moment,
        j.moment_reason::smallint AS moment_reason,
        array_agg(j.zone_id ORDER BY j.zone_id) AS zones,
        (
            SELECT array_agg(coalesce(q.is_quiet, false) ORDER BY z.zone_id)
            FROM push.zone AS z
            LEFT JOIN judged AS q
                ON z.zone_id = q.zone_id
        ) AS quiet_by_zone,
        coalesce(j.slot_from, '{}') AS slot_from,
        coalesce(j.slot_until, '{}') AS slot_until
    FROM judged AS j
    GROUP BY j.moment, j.moment_reason, j.slot_from, j.slot_until
    ORDER BY j.moment
$$;
