-- function_quiet_until: when the quiet hours that contain a moment end on a zone's clock; null when the moment is not quiet.
-- params: moment timestamptz, zone_name text, quiet_from time, quiet_until time
-- returns: one (quiet_until timestamptz)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.quiet_until(moment timestamptz, zone_name text, quiet_from time, quiet_until time) RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    local_now timestamp := moment AT TIME ZONE zone_name;
    local_day date := local_now::date;
    clock time := local_now::time;
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
    RETURN push.instant_of(local_day + quiet_until, zone_name);
END $$;
