-- function_writes_queue: whether whoever is logged in may write the batches anyway (planner, owner), so that limits of takers
--   and teams would mean nothing.
-- params: none
-- returns: one (writes_queue boolean)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.writes_queue() RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT has_table_privilege(session_user, 'push.send_batch', 'UPDATE');
END;
REVOKE ALL ON FUNCTION push.writes_queue() FROM public;
