-- set_aside_run: keep what failed in a run that is being planned; before any bucket (-1) it leaves the wave at once.
-- params: run_id bigint, bucket smallint, error text, now timestamptz
-- returns: none
-- writes: set_aside, run
-- why: the status is asked of the row itself, too: a run that was cancelled while this waited for it stays cancelled.
WITH kept AS (
    INSERT INTO push.set_aside (run_id, bucket, failed_at, error)
    SELECT
        r.run_id,
        CAST(:bucket AS smallint),
        CAST(:now AS timestamptz),
        CAST(:error AS text)
    FROM push.run AS r
    WHERE r.run_id = CAST(:run_id AS bigint) AND r.status = 'planning'
    ON CONFLICT (run_id, bucket) DO UPDATE SET failed_at = excluded.failed_at, error = excluded.error
    RETURNING run_id, bucket, error
)

UPDATE push.run
SET status = CASE WHEN kept.bucket = -1 THEN 'set_aside' ELSE status END, status_note = kept.error
FROM kept
WHERE run.run_id = kept.run_id AND run.status = 'planning'
