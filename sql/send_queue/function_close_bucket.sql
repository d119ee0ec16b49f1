-- function_close_bucket: closes one bucket of a cancelled or expired run: ends what has not begun of a cancelled one, gives the undecided users
--   that as their reason; answers how many these were.
-- params: run_id bigint, bucket smallint, at timestamptz
-- returns: one (close_bucket bigint)
-- writes: send_batch, run_bucket, decision_block
-- why: the lock is a statement of its own, before those that look: what it waited for is then seen (READ COMMITTED).
--   A batch that was never claimed gives its slots back; one that was claimed keeps them. What a taker has begun
--   stays his until it has an end. With the mark the bucket counts as decided, so the closed sum holds and nothing can
--   be planned into it any more.
CREATE OR REPLACE FUNCTION push.close_bucket(run_id bigint, bucket smallint, at timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    undecided bigint;
BEGIN
    PERFORM FROM push.bucket_lock AS l WHERE l.bucket = close_bucket.bucket FOR UPDATE;

    UPDATE push.send_batch AS b
    SET
        states = CASE
            WHEN b.states IS NULL AND b.status = 'waiting' THEN NULL
            ELSE push.close_states(b.run_day, b.batch_id, b.states, b.user_count, 7::smallint)
        END,
        status = CASE WHEN b.state_counts[2] > 0 THEN b.status ELSE 'cancelled' END,
        lease_until = CASE WHEN b.state_counts[2] > 0 THEN b.lease_until END,
        done_at = CASE WHEN b.state_counts[2] > 0 THEN NULL ELSE at END,
        holds_slots = b.claimed_at IS NOT NULL
    FROM push.run AS r
    WHERE r.run_id = close_bucket.run_id
        AND r.status = 'cancelled'
        AND b.run_day = r.run_day
        AND b.run_id = r.run_id
        AND b.bucket = close_bucket.bucket
        AND (b.status = 'waiting' OR (b.status = 'claimed' AND (b.state_counts IS NULL OR b.state_counts[1] > 0)));

    WITH undone AS (
        SELECT
            a.run_id, a.bucket, a.users || a.excluded || a.over_max AS users,
            CASE r.status WHEN 'cancelled' THEN 17 ELSE 18 END AS reason
        FROM push.audience_block AS a
        INNER JOIN push.run AS r ON r.run_id = a.run_id
        WHERE a.run_id = close_bucket.run_id
            AND a.bucket = close_bucket.bucket
            AND r.status IN ('cancelled', 'expired')
            AND NOT EXISTS (SELECT FROM push.run_bucket AS m WHERE m.run_id = a.run_id AND m.bucket = a.bucket)
    ),
    marked AS (
        INSERT INTO push.run_bucket (run_id, bucket, planned_at, audience_users, enqueued_users, batch_count)
        SELECT u.run_id, u.bucket, at, cardinality(u.users), 0, 0
        FROM undone AS u
    ),
    decided AS (
        INSERT INTO push.decision_block (run_id, bucket, reason, user_count, users)
        SELECT u.run_id, u.bucket, u.reason, cardinality(u.users), u.users
        FROM undone AS u
        WHERE cardinality(u.users) > 0
        RETURNING user_count
    )
    SELECT coalesce(sum(d.user_count), 0) INTO undecided FROM decided AS d;
    RETURN undecided;
END $$;
REVOKE ALL ON FUNCTION push.close_bucket(bigint, smallint, timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION push.close_bucket(bigint, smallint, timestamptz) TO pushline_planner, pushline_page;
