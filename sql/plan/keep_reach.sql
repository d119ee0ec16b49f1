-- keep_reach: keep the estimated reach of a run of which nothing is decided yet.
-- params: run_id bigint, reach integer
-- returns: none
-- writes: run
-- why: once a bucket is decided, the run's own pushes stop its users in an estimate: a resumed run would seem to reach nobody.
UPDATE push.run
SET reach = CAST(:reach AS integer)
WHERE run_id = CAST(:run_id AS bigint)
    AND NOT EXISTS (SELECT FROM push.run_bucket AS d WHERE d.run_id = run.run_id)
