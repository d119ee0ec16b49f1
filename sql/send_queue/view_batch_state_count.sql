-- view_batch_state_count: the enqueued side of the closed sum: per run, how many pushes are in each state.
-- params: none
-- returns: many (run_day date, run_id bigint, batches bigint, enqueued bigint, waiting bigint, claimed bigint,
--   accepted bigint, rejected bigint, unknown bigint, withheld bigint, expired bigint, cancelled bigint, left_already
--   bigint)
-- writes: nothing
-- why: reads 8 counts a batch that the row keeps of itself, never the arrays. A batch without states is of one kind:
--   its status.
--   claimed = in the hands of a taker and without an end, begun or not; left_already = begun, whatever came of it.
CREATE OR REPLACE VIEW push.batch_state_count AS
SELECT
    b.run_day,
    b.run_id,
    count(*) AS batches,
    sum(b.user_count) AS enqueued,
    coalesce(sum(coalesce(b.state_counts[1] + b.state_counts[2], b.user_count)) FILTER (WHERE b.status = 'waiting'), 0) AS waiting,
    coalesce(sum(coalesce(b.state_counts[1] + b.state_counts[2], b.user_count)) FILTER (WHERE b.status = 'claimed'), 0) AS claimed,
    coalesce(sum(b.state_counts[3]), 0) AS accepted,
    coalesce(sum(b.state_counts[4]), 0) AS rejected,
    coalesce(sum(b.state_counts[5]), 0) AS unknown,
    coalesce(sum(b.state_counts[6]), 0) AS withheld,
    coalesce(sum(coalesce(b.state_counts[7], CASE WHEN b.status = 'expired' THEN b.user_count END)), 0) AS expired,
    coalesce(sum(coalesce(b.state_counts[8], CASE WHEN b.status = 'cancelled' THEN b.user_count END)), 0) AS cancelled,
    coalesce(sum(b.state_counts[2] + b.state_counts[3] + b.state_counts[4] + b.state_counts[5]), 0) AS left_already
FROM push.send_batch AS b
GROUP BY b.run_day, b.run_id;
COMMENT ON VIEW push.batch_state_count IS
'Per run with batches: pushes by state; enqueued = waiting + claimed + accepted + rejected + unknown + withheld + expired + cancelled.';
GRANT SELECT ON push.batch_state_count TO pushline_planner, pushline_bi, pushline_page;
