-- view_fact_push: pushes by run, variant, language and planned moment: how many in each state, how many opened.
-- params: none
-- returns: none
-- writes: nothing
-- why: filter by run_day: batches are partitioned by it. Numbers of runs older than retention are in fact_run.
CREATE OR REPLACE VIEW mart.fact_push AS
SELECT
    b.run_id,
    b.run_day,
    (b.not_before AT TIME ZONE 'UTC')::date AS push_day,
    b.not_before,
    chr(65 + b.variant) AS variant,
    b.language,
    sum(b.user_count) AS pushes,
    coalesce(sum(coalesce(b.state_counts[1] + b.state_counts[2], b.user_count)) FILTER (WHERE b.status IN ('waiting', 'claimed')), 0) AS open,
    coalesce(sum(b.state_counts[3]), 0) AS accepted,
    coalesce(sum(b.state_counts[4]), 0) AS rejected,
    coalesce(sum(b.state_counts[5]), 0) AS unknown,
    coalesce(sum(b.state_counts[6]), 0) AS withheld,
    coalesce(sum(coalesce(b.state_counts[7], CASE WHEN b.status = 'expired' THEN b.user_count END)), 0) AS expired,
    coalesce(sum(coalesce(b.state_counts[8], CASE WHEN b.status = 'cancelled' THEN b.user_count END)), 0) AS cancelled,
    coalesce(sum(e.delivered), 0) AS delivered,
    coalesce(sum(e.opened), 0) AS opened,
    coalesce(sum(e.unsubscribed), 0) AS unsubscribed,
    coalesce(sum(e.converted), 0) AS converted
FROM push.send_batch AS b
LEFT JOIN LATERAL (
    SELECT
        count(DISTINCT k.position) FILTER (WHERE k.kind = 'delivered') AS delivered,
        count(DISTINCT k.position) FILTER (WHERE k.kind = 'opened') AS opened,
        count(DISTINCT k.position) FILTER (WHERE k.kind = 'unsubscribed') AS unsubscribed,
        count(DISTINCT k.position) FILTER (WHERE k.kind = 'converted') AS converted
    FROM push.receipt AS k
    WHERE k.run_day = b.run_day AND k.batch_id = b.batch_id
) AS e ON true
GROUP BY b.run_id, b.run_day, b.not_before, b.variant, b.language;
COMMENT ON VIEW mart.fact_push IS
'Pushes by run, variant, language and planned moment. pushes = open + accepted + rejected + unknown + withheld + expired + cancelled.';
COMMENT ON COLUMN mart.fact_push.run_id IS 'Joins dim_run.';
COMMENT ON COLUMN mart.fact_push.run_day IS 'Day of the occasion in UTC; joins dim_day. Filter by it.';
COMMENT ON COLUMN mart.fact_push.push_day IS 'Day of the planned moment in UTC: later than run_day when pushes were deferred.';
COMMENT ON COLUMN mart.fact_push.not_before IS 'The planned moment.';
COMMENT ON COLUMN mart.fact_push.variant IS 'A, B, ...';
COMMENT ON COLUMN mart.fact_push.language IS 'Language of the text that was sent.';
COMMENT ON COLUMN mart.fact_push.pushes IS 'Users who were enqueued; a user with several devices counts once.';
COMMENT ON COLUMN mart.fact_push.open IS 'Waiting or being sent.';
COMMENT ON COLUMN mart.fact_push.accepted IS 'The provider took it.';
COMMENT ON COLUMN mart.fact_push.rejected IS 'The provider refused it.';
COMMENT ON COLUMN mart.fact_push.unknown IS 'No answer came; it may have arrived.';
COMMENT ON COLUMN mart.fact_push.withheld IS 'Held back at the last check before sending: opted out, address gone, no reason to send any more.';
COMMENT ON COLUMN mart.fact_push.expired IS 'Nobody sent it in time.';
COMMENT ON COLUMN mart.fact_push.cancelled IS 'Somebody cancelled it before it left.';
COMMENT ON COLUMN mart.fact_push.delivered IS 'Users whose device reported it.';
COMMENT ON COLUMN mart.fact_push.opened IS 'Users who opened it.';
COMMENT ON COLUMN mart.fact_push.unsubscribed IS 'Users who unsubscribed from it.';
COMMENT ON COLUMN mart.fact_push.converted IS 'Users who did what the campaign is for.';
GRANT SELECT ON mart.fact_push TO pushline_bi, pushline_planner, pushline_page;
