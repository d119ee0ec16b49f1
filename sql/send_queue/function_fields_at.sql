-- function_fields_at: the fields that stand at some places of an audience, in the order of the places.
-- params: fields text[], places integer[]
-- returns: one (fields_at text[])
-- writes: nothing
-- why: a text array is walked from its start for each subscript; a variable of plpgsql is taken apart once, and only the part
--   that holds the places. Joining the places with the unnested part took four times as long.
CREATE OR REPLACE FUNCTION push.fields_at(fields text[], places integer[]) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    first_place integer;
    last_place integer;
    part text[];
BEGIN
    SELECT min(p.place), max(p.place) INTO first_place, last_place FROM unnest(places) AS p (place);
    part := fields[first_place:last_place];
    RETURN (SELECT array_agg(part[p.place - first_place + 1]) FROM unnest(places) AS p (place));
END $$;
REVOKE ALL ON FUNCTION push.fields_at(text[], integer[]) FROM public;
