-- refuse_held_run: end a held run whose reach somebody refused; its users become run_cancelled when its buckets are closed.
-- params: run_id bigint, by text, now timestamptz
-- returns: none
-- writes: run, audit_log
WITH refused AS (
    UPDATE push.run
    SET status = 'cancelled', status_note = format('%s refused the reach of %s users.', CAST(:by AS text), reach)
    WHERE run_id = CAST(:run_id AS bigint) AND status = 'held'
    RETURNING run_id, reach
)

INSERT INTO push.audit_log (happened_at, who, what, run_id, detail)
SELECT
    CAST(:now AS timestamptz),
    CAST(:by AS text),
    'reach_refused',
    r.run_id,
    jsonb_build_object('reach', r.reach)
FROM refused AS r
