-- count_under_begin: wait until every begin that did not see the pause yet is over; answers how many batches were in somebody's hands.
-- params: lane push.lane, run_id bigint
-- returns: one (batches bigint)
-- writes: nothing
SELECT push.wait_for_begins(CAST(:lane AS push.lane), CAST(:run_id AS bigint)) AS batches
