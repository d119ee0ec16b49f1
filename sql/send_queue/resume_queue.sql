-- resume_queue: ends the pause of a run, a lane or everything; answers whether there was one.
-- params: who text, lane push.lane, run_id bigint, at timestamptz
-- returns: one (is_new boolean)
-- writes: pause, audit_log
SELECT push.resume(CAST(:who AS text), CAST(:lane AS push.lane), CAST(:run_id AS bigint), CAST(:at AS timestamptz)) AS is_new
