-- function_fields_at: the fields that stand at some places of an audience, in the order of the places.
-- params: fields text[], places integer[]
-- returns: one (fields_at text[])
-- writes: nothing
-- why: a text array is walked from its start for each subscript; a parameter of plpgsql is taken apart once, at the first
--   subscript. unnest stands in the select list, because in FROM it is written into a store and read again. Of 700 places in an
--   array of 15,600: 0.48 us a place; a slice around the places first 1.0, a join with the unnested array 60.
CREATE OR REPLACE FUNCTION push.fields_at(fields text[], places integer[]) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN (SELECT array_agg(fields[p.place]) FROM (SELECT unnest(places) AS place) AS p);
END $$;
REVOKE ALL ON FUNCTION push.fields_at(text[], integer[]) FROM public;
