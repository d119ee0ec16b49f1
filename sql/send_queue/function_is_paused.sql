-- function_is_paused: whether a run is paused now, by itself, by its lane or with everything.
-- params: lane push.lane, run_id bigint
-- returns: one (is_paused boolean)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.is_paused(lane push.lane, run_id bigint) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT EXISTS(
        SELECT
        FROM push.pause AS p
        WHERE p.resumed_at IS NULL
            AND (p.scope = 'all' OR p.lane = is_paused.lane OR p.run_id = is_paused.run_id)
    );
END;
