-- function_window_of: the half-open window [starts_at, ends_at) in which a cap rule counts pushes for a push at a moment.
-- params: moment timestamptz, window_kind text, window_length interval, calendar_unit text, week_start smallint, zone_name text
-- returns: one (starts_at timestamptz, ends_at timestamptz)
-- writes: nothing
-- why: a rolling window is (t - w, t]; one microsecond makes it half-open like the calendar ones, so that one comparison serves all.
CREATE OR REPLACE FUNCTION push.window_of(
    moment timestamptz, window_kind text, window_length interval, calendar_unit text, week_start smallint, zone_name text,
    OUT starts_at timestamptz, OUT ends_at timestamptz
)
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    local_day date;
    first_day date;
    next_day date;
BEGIN
    IF window_kind = 'rolling' THEN
        starts_at := moment - window_length + interval '1 microsecond';
        ends_at := moment + interval '1 microsecond';
        RETURN;
    END IF;
    local_day := (moment AT TIME ZONE zone_name)::date;
    IF calendar_unit = 'day' THEN
        first_day := local_day;
        next_day := local_day + 1;
    ELSIF calendar_unit = 'week' THEN
        first_day := local_day - ((extract(isodow FROM local_day)::integer - week_start + 7) % 7);
        next_day := first_day + 7;
    ELSE
        first_day := date_trunc('month', local_day)::date;
        next_day := (first_day + interval '1 month')::date;
    END IF;
    starts_at := push.instant_of(first_day::timestamp, zone_name);
    ends_at := push.instant_of(next_day::timestamp, zone_name);
END $$;
