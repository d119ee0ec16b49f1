-- get_dry_run: what an Airflow run counted that was a dry run; no row when it was none.
-- params: dag_id text, dag_run_id text
-- returns: one (counted_at timestamptz, counted jsonb, project_zone text)
-- writes: nothing
SELECT
    f.counted_at,
    f.counted,
    s.project_zone
FROM push.dry_run_of(CAST(:dag_id AS text), CAST(:dag_run_id AS text)) AS f
CROSS JOIN push.setting AS s
