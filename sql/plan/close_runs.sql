-- close_runs: end the planning of a wave's runs: planned when every bucket is decided, set aside when one failed.
-- params: wave_id bigint, now timestamptz
-- returns: none
-- writes: run
-- why: the status is asked of the row itself, too: a run that was cancelled while this waited for it stays cancelled.
UPDATE push.run
SET
    status = CASE WHEN done.failures > 0 THEN 'set_aside' ELSE 'planned' END,
    finished_at = CASE WHEN done.failures > 0 THEN finished_at ELSE coalesce(CAST(:now AS timestamptz), clock_timestamp()) END
FROM (
    SELECT
        r.run_id,
        (SELECT count(*) FROM push.run_bucket AS d WHERE d.run_id = r.run_id) AS decided,
        (SELECT count(*) FROM push.set_aside AS a WHERE a.run_id = r.run_id) AS failures,
        (SELECT s.bucket_count FROM push.setting AS s) AS buckets
    FROM push.run AS r
    WHERE r.wave_id = CAST(:wave_id AS bigint) AND r.status = 'planning'
) AS done
WHERE run.run_id = done.run_id AND run.status = 'planning' AND (done.decided = done.buckets OR done.failures > 0)
