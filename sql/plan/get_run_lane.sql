-- get_run_lane: whose clock plans a run.
-- params: run_id bigint
-- returns: one (lane text)
-- writes: nothing
SELECT CASE r.source_kind WHEN 'brief' THEN 'marketing' WHEN 'trigger' THEN 'trigger' ELSE r.lane::text END AS lane
FROM push.run AS r
WHERE r.run_id = CAST(:run_id AS bigint)
