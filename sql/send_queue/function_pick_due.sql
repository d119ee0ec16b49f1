-- function_pick_due: the next batches of one lane that may leave, locked for the caller, in order of not_before.
-- params: lane push.lane, max_batches integer, moment timestamptz, stopped_runs bigint[]
-- returns: many (run_day date, batch_id bigint)
-- writes: run_throttle
-- why: SKIP LOCKED, so that two takers never wait for each other. A run with a throttle is picked apart, behind the
--   lock of its row in
--   run_throttle: what counts is read in a later statement than the lock, else two takers would fill the same minute.
--   The plain case has
--   a statement of its own, because planning over the partitions costs more than executing.
CREATE OR REPLACE FUNCTION push.pick_due(lane push.lane, max_batches integer, moment timestamptz, stopped_runs bigint[])
RETURNS TABLE (run_day date, batch_id bigint)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    throttled_runs bigint[];
    locked_runs bigint[];
BEGIN
    SELECT coalesce(array_agg(r.run_id ORDER BY r.run_id), '{}') INTO throttled_runs
    FROM push.run AS r
    WHERE r.throttle IS NOT NULL AND r.expires_at > moment AND r.lane = pick_due.lane AND r.run_id <> ALL(stopped_runs);

    IF throttled_runs <> '{}' THEN
        INSERT INTO push.run_throttle (run_id)
        SELECT r FROM unnest(throttled_runs) AS r
        WHERE NOT EXISTS (SELECT FROM push.run_throttle AS t WHERE t.run_id = r)
        ON CONFLICT DO NOTHING;
        SELECT array_agg(l.run_id) INTO locked_runs
        FROM (
            SELECT t.run_id FROM push.run_throttle AS t
            WHERE t.run_id = ANY(throttled_runs)
            ORDER BY t.run_id
            FOR UPDATE SKIP LOCKED
        ) AS l;
    END IF;

    IF locked_runs IS NULL THEN
        RETURN QUERY
        SELECT b.run_day, b.batch_id
        FROM push.send_batch AS b
        WHERE b.status = 'waiting'
            AND b.lane = pick_due.lane
            AND b.not_before <= moment
            AND b.leave_by > moment
            AND b.run_id <> ALL(stopped_runs)
            AND b.run_id <> ALL(throttled_runs)
        ORDER BY b.not_before, b.batch_id
        LIMIT max_batches
        FOR UPDATE SKIP LOCKED;
        RETURN;
    END IF;

    RETURN QUERY
    WITH free AS (
        SELECT b.run_day, b.batch_id, b.not_before
        FROM push.send_batch AS b
        WHERE b.status = 'waiting'
            AND b.lane = pick_due.lane
            AND b.not_before <= moment
            AND b.leave_by > moment
            AND b.run_id <> ALL(stopped_runs)
            AND b.run_id <> ALL(throttled_runs)
        ORDER BY b.not_before, b.batch_id
        LIMIT max_batches
        FOR UPDATE SKIP LOCKED
    ),
    room AS (
        SELECT
            t.run_id,
            r.throttle,
            coalesce((SELECT sum(c.pushes) FROM unnest(t.free_at, t.pushes) AS c (free_at, pushes) WHERE c.free_at > moment), 0) AS busy
        FROM push.run_throttle AS t
        INNER JOIN push.run AS r ON r.run_id = t.run_id
        WHERE t.run_id = ANY(locked_runs)
    ),
    throttled AS (
        SELECT
            b.run_id, b.run_day, b.batch_id, b.not_before, b.user_count,
            sum(b.user_count) OVER (PARTITION BY b.run_id ORDER BY b.not_before, b.batch_id) AS so_far
        FROM push.send_batch AS b
        WHERE b.status = 'waiting'
            AND b.run_id = ANY(locked_runs)
            AND b.not_before <= moment
            AND b.leave_by > moment
    ),
    picked AS (
        SELECT f.run_day, f.batch_id, f.not_before FROM free AS f
        UNION ALL
        SELECT w.run_day, w.batch_id, w.not_before
        FROM throttled AS w
        INNER JOIN room AS m ON m.run_id = w.run_id
        WHERE m.busy + w.so_far <= m.throttle OR (m.busy = 0 AND w.so_far = w.user_count)
    )
    SELECT p.run_day, p.batch_id FROM picked AS p ORDER BY p.not_before, p.batch_id LIMIT max_batches;
END $$;
REVOKE ALL ON FUNCTION push.pick_due(push.lane, integer, timestamptz, bigint[]) FROM public;
