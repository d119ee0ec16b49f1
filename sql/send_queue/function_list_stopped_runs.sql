-- function_list_stopped_runs: runs of which nothing may be claimed now: paused, or cancelled and not yet swept bucket
--   by bucket.
-- params: moment timestamptz
-- returns: one (list_stopped_runs bigint[])
-- writes: nothing
-- why: a cancelled run is stopped by its own row, at once; its batches follow later under the bucket locks.
CREATE OR REPLACE FUNCTION push.list_stopped_runs(moment timestamptz) RETURNS bigint[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT coalesce(array_agg(s.run_id), '{}')
    FROM (
        SELECT p.run_id FROM push.pause AS p WHERE p.resumed_at IS NULL AND p.scope = 'run'
        UNION ALL
        SELECT r.run_id FROM push.run AS r WHERE r.status = 'cancelled' AND r.expires_at > moment
    ) AS s;
END;
REVOKE ALL ON FUNCTION push.list_stopped_runs(timestamptz) FROM public;
