-- function_stopped_until: null when one counter lets a push at a moment pass, else when it may pass next (infinity = never).
-- params: moment timestamptz, push_times timestamptz[], window_kind text, window_length interval, calendar_unit text, week_start smallint, zone_name text, maximum integer
-- returns: one (stopped_until timestamptz)
-- writes: nothing
-- why: a push at t is allowed iff no window of the rule that contains t would hold more than the maximum, pushes planned later included;
--   of all windows (s - w, s] with t in them only those that end at t or at a later push can be the fullest. push_times are the user's
--   counted pushes in ascending order. Plain loops over short arrays: a query inside would cost thirty times as much.
CREATE OR REPLACE FUNCTION push.stopped_until(
    moment timestamptz, push_times timestamptz[], window_kind text, window_length interval, calendar_unit text, week_start smallint,
    zone_name text, maximum integer
) RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    starts_at timestamptz;
    ends_at timestamptz;
    pushed_at timestamptz;
    tried timestamptz := moment;
    held integer;
    is_full boolean;
    expiring integer := 0;
    push_count integer := coalesce(cardinality(push_times), 0);
BEGIN
    IF maximum IS NULL OR push_count < maximum THEN
        RETURN NULL;
    ELSIF maximum <= 0 THEN
        RETURN 'infinity';
    END IF;
    IF window_kind <> 'rolling' THEN
        SELECT w.starts_at, w.ends_at INTO starts_at, ends_at
        FROM push.window_of(moment, window_kind, window_length, calendar_unit, week_start, zone_name) AS w;
        held := 0;
        FOREACH pushed_at IN ARRAY push_times LOOP
            IF pushed_at >= starts_at AND pushed_at < ends_at THEN
                held := held + 1;
            END IF;
        END LOOP;
        RETURN CASE WHEN held >= maximum THEN ends_at END;
    END IF;
    LOOP
        is_full := false;
        FOR last_in IN 0..push_count LOOP
            IF last_in = 0 THEN
                ends_at := tried;
            ELSE
                ends_at := push_times[last_in];
                CONTINUE WHEN ends_at <= tried OR ends_at >= tried + window_length;
            END IF;
            starts_at := ends_at - window_length;
            held := 0;
            FOREACH pushed_at IN ARRAY push_times LOOP
                IF pushed_at > starts_at AND pushed_at <= ends_at THEN
                    held := held + 1;
                END IF;
            END LOOP;
            is_full := held >= maximum;
            EXIT WHEN is_full;
        END LOOP;
        IF NOT is_full THEN
            RETURN nullif(tried, moment);
        END IF;
        LOOP
            expiring := expiring + 1;
            EXIT WHEN expiring > push_count OR push_times[expiring] + window_length > tried;
        END LOOP;
        IF expiring > push_count THEN
            RETURN 'infinity';
        END IF;
        tried := push_times[expiring] + window_length;
    END LOOP;
END $$;
