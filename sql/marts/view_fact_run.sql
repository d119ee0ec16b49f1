-- view_fact_run: the funnel of each run in one row, also of those whose rows are older than retention.
-- params: none
-- returns: none
-- writes: nothing
CREATE OR REPLACE VIEW mart.fact_run AS
SELECT
    u.run_id,
    u.run_day,
    CASE WHEN k.is_kept THEN t.audience_users ELSE u.audience_users END AS audience,
    CASE WHEN k.is_kept THEN t.audience_users - t.enqueued - t.not_planned_yet ELSE u.left_out END AS left_out,
    CASE WHEN k.is_kept THEN t.not_planned_yet ELSE u.undone_users END AS not_planned_yet,
    CASE WHEN k.is_kept THEN t.enqueued ELSE u.enqueued END AS enqueued,
    CASE WHEN k.is_kept THEN (t.ends ->> 'accepted')::bigint ELSE u.accepted END AS accepted,
    CASE WHEN k.is_kept THEN (t.ends ->> 'rejected')::bigint ELSE u.rejected END AS rejected,
    CASE WHEN k.is_kept THEN (t.ends ->> 'unknown')::bigint ELSE u.unknown END AS unknown,
    CASE WHEN k.is_kept THEN (t.ends ->> 'withheld')::bigint ELSE u.withheld END AS withheld,
    CASE WHEN k.is_kept THEN (t.ends ->> 'expired')::bigint ELSE u.expired END AS expired,
    CASE WHEN k.is_kept THEN (t.ends ->> 'cancelled')::bigint ELSE u.cancelled END AS cancelled,
    k.is_kept
FROM push.run_sum AS u
LEFT JOIN push.run_total AS t
    ON u.run_id = t.run_id
CROSS JOIN LATERAL (SELECT u.is_dropped AND t.run_id IS NOT NULL AS is_kept) AS k;
COMMENT ON VIEW mart.fact_run IS 'The funnel of a run in one row: audience = left_out + not_planned_yet + enqueued.';
COMMENT ON COLUMN mart.fact_run.run_id IS 'Joins dim_run.';
COMMENT ON COLUMN mart.fact_run.run_day IS 'Day of the occasion in UTC; joins dim_day.';
COMMENT ON COLUMN mart.fact_run.audience IS 'Distinct users that the audience SQL returned.';
COMMENT ON COLUMN mart.fact_run.left_out IS 'Users who got a reason instead of a push.';
COMMENT ON COLUMN mart.fact_run.not_planned_yet IS 'Users of buckets that are not decided yet.';
COMMENT ON COLUMN mart.fact_run.enqueued IS 'Users whose push was put into the queue.';
COMMENT ON COLUMN mart.fact_run.accepted IS 'The provider took it.';
COMMENT ON COLUMN mart.fact_run.rejected IS 'The provider refused it.';
COMMENT ON COLUMN mart.fact_run.unknown IS 'No answer came; it may have arrived.';
COMMENT ON COLUMN mart.fact_run.withheld IS 'Held back at the last check before sending.';
COMMENT ON COLUMN mart.fact_run.expired IS 'Nobody sent it in time.';
COMMENT ON COLUMN mart.fact_run.cancelled IS 'Somebody cancelled it before it left.';
COMMENT ON COLUMN mart.fact_run.is_kept IS 'True when the rows are gone and the numbers are those kept from before.';
GRANT SELECT ON mart.fact_run TO pushline_bi, pushline_planner;
