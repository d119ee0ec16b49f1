-- function_dry_run_of: when an Airflow run was a dry run, and what it counted; no row when it was none.
-- params: dag_id text, dag_run_id text
-- returns: many (counted_at timestamptz, counted jsonb)
-- writes: nothing
-- why: the page's role does not read the audit log, only this of it. A task that was cleared counted again: the last one holds.
CREATE OR REPLACE FUNCTION push.dry_run_of(dag_id text, dag_run_id text) RETURNS TABLE (counted_at timestamptz, counted jsonb)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        a.happened_at,
        a.detail -> 'counted'
    FROM push.audit_log AS a
    WHERE a.what = 'dry_run'
        AND a.detail ->> 'dag_id' = dry_run_of.dag_id
        AND a.detail ->> 'dag_run_id' = dry_run_of.dag_run_id
    ORDER BY a.audit_id DESC
    LIMIT 1;
END;
REVOKE ALL ON FUNCTION push.dry_run_of(text, text) FROM public;
GRANT EXECUTE ON FUNCTION push.dry_run_of(text, text) TO pushline_page, pushline_planner;
