-- keep_reach: keep the estimated reach of a run.
-- params: run_id bigint, reach integer
-- returns: none
-- writes: run
UPDATE push.run
SET reach = CAST(:reach AS integer)
WHERE run_id = CAST(:run_id AS bigint)
