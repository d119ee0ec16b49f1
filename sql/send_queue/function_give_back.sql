-- function_give_back: ends claims without an answer: begun positions become unknown (or wait again, where the run says
--   so), the others wait again.
-- params: run_days date[], batch_ids bigint[], moment timestamptz, reason text
-- returns: one (give_back integer)
-- writes: send_batch, outcome
-- why: the caller holds the locks of the batches. The fence grows, so that the former taker cannot answer any more.
--   Sent again is only
--   what can still leave: a begun push that would be too late ends as unknown. Returns the positions that wait again.
CREATE OR REPLACE FUNCTION push.give_back(run_days date[], batch_ids bigint[], moment timestamptz, reason text) RETURNS integer
LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    WITH lost AS (
        SELECT
            b.run_day, b.batch_id, b.fence, b.states,
            r.resend_unknown AND r.status <> 'cancelled' AND b.leave_by > moment AS is_sent_again
        FROM push.send_batch AS b
        INNER JOIN push.run AS r ON r.run_id = b.run_id
        WHERE b.run_day = ANY(run_days) AND b.batch_id = ANY(batch_ids) AND b.status = 'claimed'
    ),
    noted AS (
        INSERT INTO push.outcome (run_day, batch_id, position, attempt, outcome, reason, ended_at)
        SELECT l.run_day, l.batch_id, s.position, l.fence, 4, give_back.reason, moment
        FROM lost AS l
        CROSS JOIN LATERAL unnest(l.states) WITH ORDINALITY AS s (state, position)
        WHERE s.state = 1
        ON CONFLICT DO NOTHING
    ),
    folded AS (
        SELECT
            l.run_day,
            l.batch_id,
            (
                SELECT array_agg(
                    CASE WHEN s.state <> 1 THEN s.state WHEN l.is_sent_again THEN 0 ELSE 4 END::smallint ORDER BY s.position
                )
                FROM unnest(l.states) WITH ORDINALITY AS s (state, position)
            ) AS states
        FROM lost AS l
    ),
    given_back AS (
        UPDATE push.send_batch AS b
        SET
            states = f.states,
            fence = b.fence + 1,
            worker = NULL,
            lease_until = NULL,
            status = CASE WHEN f.states IS NULL OR 0 = ANY(f.states) THEN 'waiting' ELSE 'done' END,
            done_at = CASE WHEN 0 <> ALL(f.states) THEN moment END
        FROM folded AS f
        WHERE b.run_day = ANY(run_days) AND b.batch_id = ANY(batch_ids) AND b.run_day = f.run_day AND b.batch_id = f.batch_id
        RETURNING coalesce(b.state_counts[1], b.user_count) AS waiting
    )
    SELECT coalesce(sum(g.waiting), 0)::integer FROM given_back AS g;
END;
REVOKE ALL ON FUNCTION push.give_back(date[], bigint[], timestamptz, text) FROM public;
