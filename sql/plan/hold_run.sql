-- hold_run: hold a run whose reach left the approved band, unless somebody agreed already or a bucket is decided.
-- params: run_id bigint, at timestamptz
-- returns: none
-- writes: run, audit_log
WITH held AS (
    UPDATE push.run
    SET
        status = 'held',
        status_note = format('Would reach %s users; approved for %s to %s.', reach, reach_low, reach_high)
    WHERE run_id = CAST(:run_id AS bigint)
        AND status = 'planning'
        AND reach_approved_by IS NULL
        AND reach NOT BETWEEN reach_low AND reach_high
        AND NOT EXISTS (SELECT FROM push.run_bucket AS d WHERE d.run_id = run.run_id)
    RETURNING run_id, reach, reach_low, reach_high
)

INSERT INTO push.audit_log (happened_at, who, what, run_id, detail)
SELECT
    CAST(:at AS timestamptz),
    'pushline',
    'run_held',
    h.run_id,
    jsonb_build_object('reach', h.reach, 'low', h.reach_low, 'high', h.reach_high)
FROM held AS h
