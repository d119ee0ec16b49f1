-- function_quiet_until: when the quiet hours that contain a moment end on a zone's clock; null when the moment is not quiet.
-- params: moment timestamptz, zone_name text, quiet_from time, quiet_until time
-- returns: one (quiet_until timestamptz)
-- writes: nothing
-- why: a clock that is set back shows the end twice; whoever is quiet after the first showing waits for the second, which AT TIME ZONE takes.
CREATE OR REPLACE FUNCTION push.quiet_until(moment timestamptz, zone_name text, quiet_from time, quiet_until time) RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    local_now timestamp := moment AT TIME ZONE zone_name;
    local_day date := local_now::date;
    clock time := local_now::time;
    ends_at timestamptz;
BEGIN
    IF quiet_from IS NULL THEN
        RETURN NULL;
    ELSIF quiet_from < quiet_until THEN
        IF clock < quiet_from OR clock >= quiet_until THEN
            RETURN NULL;
        END IF;
    ELSIF clock >= quiet_from THEN
        local_day := local_day + 1;
    ELSIF clock >= quiet_until THEN
        RETURN NULL;
    END IF;
    ends_at := push.instant_of(local_day + quiet_until, zone_name);
    RETURN CASE WHEN ends_at > moment THEN ends_at ELSE (local_day + quiet_until) AT TIME ZONE zone_name END;
END $$;
