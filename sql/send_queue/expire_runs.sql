-- expire_runs: marks runs as expired that were not planned to the end before their expires_at.
-- params: now timestamptz
-- returns: many (run_id bigint)
-- writes: run
-- why: a run whose every bucket is decided stays what it is; only its waiting batches expire.
UPDATE push.run AS r
SET
    status = 'expired',
    status_note = CASE
        WHEN push.list_unapproved_runs(ARRAY[r.run_id]) <> '{}' THEN 'expired while its approval was taken back'
        WHEN r.snapshot_at IS NULL THEN 'expired before it was planned'
        ELSE 'expired before all of it was planned'
    END,
    finished_at = CAST(:now AS timestamptz)
WHERE r.status IN ('waiting', 'held', 'planning', 'set_aside')
    AND r.expires_at <= CAST(:now AS timestamptz)
    AND (
        r.snapshot_at IS NULL
        OR EXISTS (
            SELECT
            FROM push.audience_block AS a
            WHERE a.run_id = r.run_id
                AND NOT EXISTS (SELECT FROM push.run_bucket AS m WHERE m.run_id = a.run_id AND m.bucket = a.bucket)
        )
    )
RETURNING r.run_id
