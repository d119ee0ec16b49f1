-- view_run_sum: both sides of the closed sum of every run, each number from a table of its own.
-- params: none
-- returns: many (run_id bigint, run_day date, audience_users bigint, undone_users bigint, marked_users bigint, marked_enqueued bigint, left_out bigint, enqueued bigint, waiting bigint, claimed bigint, accepted bigint, rejected bigint, unknown bigint, withheld bigint, expired bigint, cancelled bigint, is_dropped boolean)
-- writes: nothing
-- why: filter by run_id and it costs one run: every part is a subquery of its own. audience_users from audience_block (from the run itself where a run
--   has no blocks), undone_users from blocks without a mark, marked_* from run_bucket, left_out from decision_block, the rest from send_batch.
--   is_dropped: the marks know of more than is there, so retention took batches or blocks away and run_total speaks for the run.
CREATE OR REPLACE VIEW push.run_sum AS
SELECT
    r.run_id,
    r.run_day,
    coalesce(a.audience_users, r.audience_users, 0)::bigint AS audience_users,
    coalesce(a.undone_users, 0)::bigint AS undone_users,
    coalesce(m.marked_users, 0)::bigint AS marked_users,
    coalesce(m.marked_enqueued, 0)::bigint AS marked_enqueued,
    coalesce(d.left_out, 0)::bigint AS left_out,
    coalesce(c.enqueued, 0)::bigint AS enqueued,
    coalesce(c.waiting, 0)::bigint AS waiting,
    coalesce(c.claimed, 0)::bigint AS claimed,
    coalesce(c.accepted, 0)::bigint AS accepted,
    coalesce(c.rejected, 0)::bigint AS rejected,
    coalesce(c.unknown, 0)::bigint AS unknown,
    coalesce(c.withheld, 0)::bigint AS withheld,
    coalesce(c.expired, 0)::bigint AS expired,
    coalesce(c.cancelled, 0)::bigint AS cancelled,
    coalesce(
        (m.marked_enqueued > 0 AND c.enqueued IS NULL) OR (m.marked_users > m.marked_enqueued AND d.left_out IS NULL), false
    ) AS is_dropped
FROM push.run AS r
LEFT JOIN LATERAL (
    SELECT
        sum(cardinality(b.users) + cardinality(b.excluded) + cardinality(b.over_max)) AS audience_users,
        sum(cardinality(b.users) + cardinality(b.excluded) + cardinality(b.over_max))
            FILTER (WHERE NOT EXISTS (SELECT FROM push.run_bucket AS k WHERE k.run_id = b.run_id AND k.bucket = b.bucket)) AS undone_users
    FROM push.audience_block AS b
    WHERE b.run_id = r.run_id
) AS a ON true
LEFT JOIN LATERAL (
    SELECT
        sum(k.audience_users) AS marked_users,
        sum(k.enqueued_users) AS marked_enqueued
    FROM push.run_bucket AS k
    WHERE k.run_id = r.run_id
) AS m ON true
LEFT JOIN LATERAL (
    SELECT sum(k.user_count) AS left_out
    FROM push.decision_block AS k
    WHERE k.run_id = r.run_id
) AS d ON true
LEFT JOIN LATERAL (
    SELECT k.*
    FROM push.batch_state_count AS k
    WHERE k.run_day = r.run_day AND k.run_id = r.run_id
) AS c ON true;
COMMENT ON VIEW push.run_sum IS
'Per run both sides of the closed sum: audience_users = enqueued + left_out + undone_users, and enqueued = the sum of the eight states.';
GRANT SELECT ON push.run_sum TO pushline_planner, pushline_bi, pushline_page;
