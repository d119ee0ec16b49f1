-- function_instant_of: the instant at which a zone's clock shows a local time; in a gap the first valid minute after, in an overlap the first occurrence.
-- params: local_time timestamp, zone_name text
-- returns: one (instant_of timestamptz)
-- writes: nothing
-- why: AT TIME ZONE alone takes the second occurrence of an overlap and shifts a gap by its whole length.
CREATE OR REPLACE FUNCTION push.instant_of(local_time timestamp, zone_name text) RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    as_utc timestamptz := local_time AT TIME ZONE 'UTC';
    offset_before interval := ((as_utc - interval '1 day') AT TIME ZONE zone_name) - ((as_utc - interval '1 day') AT TIME ZONE 'UTC');
    offset_after interval := ((as_utc + interval '1 day') AT TIME ZONE zone_name) - ((as_utc + interval '1 day') AT TIME ZONE 'UTC');
    first_candidate timestamptz := as_utc - greatest(offset_before, offset_after);
    second_candidate timestamptz := as_utc - least(offset_before, offset_after);
BEGIN
    IF first_candidate AT TIME ZONE zone_name = local_time THEN
        RETURN first_candidate;
    ELSIF second_candidate AT TIME ZONE zone_name = local_time THEN
        RETURN second_candidate;
    END IF;
    RETURN (
        SELECT min(minute)
        FROM generate_series(first_candidate, second_candidate, interval '1 minute') AS minute
        WHERE minute AT TIME ZONE zone_name > local_time
    );
END $$;
