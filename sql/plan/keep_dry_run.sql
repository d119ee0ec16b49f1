-- keep_dry_run: keep what a dry run in Airflow counted, for the page of that Airflow run.
-- params: dag_id text, dag_run_id text, counted jsonb, now timestamptz
-- returns: none
-- writes: audit_log
INSERT INTO push.audit_log (happened_at, who, what, detail)
VALUES (
    CAST(:now AS timestamptz),
    'pushline',
    'dry_run',
    jsonb_build_object('dag_id', CAST(:dag_id AS text), 'dag_run_id', CAST(:dag_run_id AS text), 'counted', CAST(:counted AS jsonb))
)
