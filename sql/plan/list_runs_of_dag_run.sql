-- list_runs_of_dag_run: the runs that an Airflow run planned, the most important first.
-- params: dag_id text, dag_run_id text
-- returns: many (run_id bigint)
-- writes: nothing
SELECT r.run_id
FROM push.wave AS w
INNER JOIN push.run AS r
    ON w.wave_id = r.wave_id
WHERE w.dag_id = CAST(:dag_id AS text) AND w.dag_run_id = CAST(:dag_run_id AS text)
ORDER BY r.priority, r.expires_at, r.run_id
