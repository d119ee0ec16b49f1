-- release_held_run: put a held run back into the next wave, with the name of who agreed to its reach; nothing happens
--   when that person wrote it.
-- params: run_id bigint, by text, now timestamptz
-- returns: none
-- writes: run, audit_log
WITH released AS (
    UPDATE push.run
    SET status = 'waiting', status_note = '', reach_approved_by = CAST(:by AS text)
    WHERE run_id = CAST(:run_id AS bigint) AND status = 'held'
        AND NOT EXISTS (
            SELECT FROM push.list_writers(CAST(:run_id AS bigint)) AS w
            WHERE lower(btrim(w.name)) = lower(btrim(CAST(:by AS text)))
        )
    RETURNING run_id, reach
)

INSERT INTO push.audit_log (happened_at, who, what, run_id, detail)
SELECT
    CAST(:now AS timestamptz),
    CAST(:by AS text),
    'reach_approved',
    r.run_id,
    jsonb_build_object('reach', r.reach)
FROM released AS r
