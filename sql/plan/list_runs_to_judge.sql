-- list_runs_to_judge: the runs of a wave that are being planned, as the wave plans them: which stand against a band that somebody approved, and their buckets.
-- params: run_ids bigint[]
-- returns: many (run_id bigint, is_judged boolean, buckets smallint[])
-- writes: nothing
-- why: the order of list_wave_runs; is_judged as hold_run would hold.
SELECT
    r.run_id,
    r.reach_low IS NOT NULL
    AND r.reach_approved_by IS NULL
    AND NOT EXISTS (SELECT FROM push.run_bucket AS d WHERE d.run_id = r.run_id) AS is_judged,
    array(SELECT a.bucket FROM push.audience_block AS a WHERE a.run_id = r.run_id) AS buckets
FROM push.run AS r
WHERE r.run_id = ANY(CAST(:run_ids AS bigint[])) AND r.status = 'planning'
ORDER BY r.priority, r.expires_at, r.run_id
