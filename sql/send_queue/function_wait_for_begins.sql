-- function_wait_for_begins: waits until every begin that did not see a pause yet is over; answers how many batches were in somebody's hands.
-- params: lane push.lane, run_id bigint
-- returns: one (wait_for_begins bigint)
-- writes: nothing
-- why: begin locks its batch and only then looks for pauses: whoever gets the lock after this sees the pause, and what is counted in a later
--   statement is final. A function, because the lock needs the right to write batches.
CREATE OR REPLACE FUNCTION push.wait_for_begins(lane push.lane, run_id bigint) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT count(*)
    FROM (
        SELECT b.batch_id
        FROM push.send_batch AS b
        WHERE b.status = 'claimed'
            AND (wait_for_begins.lane IS NULL OR b.lane = wait_for_begins.lane)
            AND (wait_for_begins.run_id IS NULL OR b.run_id = wait_for_begins.run_id)
        ORDER BY b.run_day, b.batch_id
        FOR SHARE
    ) AS held
$$;
REVOKE ALL ON FUNCTION push.wait_for_begins(push.lane, bigint) FROM public;
GRANT EXECUTE ON FUNCTION push.wait_for_begins(push.lane, bigint) TO pushline_planner, pushline_page;
