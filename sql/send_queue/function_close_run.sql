-- function_close_run: notes that nothing of a cancelled or expired run is open any more; answers whether that is new.
-- params: run_id bigint, at timestamptz
-- returns: one (close_run boolean)
-- writes: run
CREATE OR REPLACE FUNCTION push.close_run(run_id bigint, at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    UPDATE push.run AS r
    SET closed_at = at
    WHERE r.run_id = close_run.run_id AND r.status IN ('cancelled', 'expired') AND r.closed_at IS NULL;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION push.close_run(bigint, timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION push.close_run(bigint, timestamptz) TO pushline_planner, pushline_page;
