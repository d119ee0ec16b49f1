-- name_wave: note which Airflow run plans a wave.
-- params: wave_id bigint, dag_id text, dag_run_id text
-- returns: none
-- writes: wave
UPDATE push.wave
SET dag_id = CAST(:dag_id AS text), dag_run_id = CAST(:dag_run_id AS text)
WHERE wave_id = CAST(:wave_id AS bigint)
