-- function_queue_moment: the moment by which the queue judges what is due, late or leased: the server's clock, unless
--   the planner names one.
-- params: at timestamptz
-- returns: one (queue_moment timestamptz)
-- writes: nothing
-- why: a taker that could name the moment could take what is not due yet; whoever may write the batches anyway
--   (planner, tests) may, and the page: it may pause and resume, never take.
CREATE OR REPLACE FUNCTION push.queue_moment(at timestamptz) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF at IS NULL THEN
        RETURN clock_timestamp();
    ELSIF push.writes_queue() OR session_user = 'pushline_page' THEN
        RETURN at;
    END IF;
    RAISE EXCEPTION 'Only the planner may name the moment: call the function without "at", then the clock of the server holds.'
        USING ERRCODE = 'PQ002';
END $$;
REVOKE ALL ON FUNCTION push.queue_moment(timestamptz) FROM public;
