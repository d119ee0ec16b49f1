-- function_list_unapproved_runs: which of these runs may not leave because their approval was taken back and not given again.
-- params: run_ids bigint[]
-- returns: one (list_unapproved_runs bigint[])
-- writes: nothing
-- why: a run is only ever planned under a live approval of exactly its version, and approvals are never deleted: one that is not live
--   any more was withdrawn. Nothing else than another approval of that version lets the run go on, whoever pauses or resumes.
--   One plan a session, where a role plans anew for each call, too: planning takes five times as long as looking.
--   CASE keeps it at one index probe a run: withdrawn approvals, which no index knows, are looked for only where no live one is.
CREATE OR REPLACE FUNCTION push.list_unapproved_runs(run_ids bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_generic_plan
BEGIN ATOMIC
    SELECT coalesce(array_agg(r.run_id), '{}')
    FROM push.run AS r
    WHERE r.run_id = ANY(list_unapproved_runs.run_ids)
        AND r.source_kind <> 'foreign'
        AND CASE
            WHEN EXISTS (
                SELECT
                FROM push.approval AS a
                WHERE a.source_kind = r.source_kind::text
                    AND a.source_id = r.source_id
                    AND a.version = r.version
                    AND a.withdrawn_at IS NULL
            ) THEN false
            ELSE EXISTS (
                SELECT
                FROM push.approval AS a
                WHERE a.source_kind = r.source_kind::text
                    AND a.source_id = r.source_id
                    AND a.version = r.version
            )
        END;
END;
REVOKE ALL ON FUNCTION push.list_unapproved_runs(bigint[]) FROM public;
GRANT EXECUTE ON FUNCTION push.list_unapproved_runs(bigint[]) TO pushline_planner;
