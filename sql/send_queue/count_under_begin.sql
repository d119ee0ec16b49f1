-- count_under_begin: wait until every begin that did not see the pause yet is over; answers how many batches were in somebody's hands.
-- params: lane push.lane, run_id bigint
-- returns: one (batches bigint)
-- writes: nothing
-- why: begin locks its batch and only then looks for pauses: whoever gets the lock after this sees the pause, and what is counted in a later
--   statement is final.
SELECT count(*) AS batches
FROM (
    SELECT b.batch_id
    FROM push.send_batch AS b
    WHERE b.status = 'claimed'
        AND (CAST(:lane AS push.lane) IS NULL OR b.lane = CAST(:lane AS push.lane))
        AND (CAST(:run_id AS bigint) IS NULL OR b.run_id = CAST(:run_id AS bigint))
    ORDER BY b.run_day, b.batch_id
    FOR SHARE
) AS held
