-- cancel_waiting_batches: ends what has not begun of a cancelled run in one bucket; the caller holds the bucket's lock.
-- params: run_id bigint, bucket smallint, now timestamptz
-- returns: none
-- writes: send_batch
-- why: a batch that was never claimed gives its slots back; one that was claimed keeps them. What a taker has begun
--   stays his until it has an end.
UPDATE push.send_batch AS b
SET
    states = CASE
        WHEN b.states IS NULL AND b.status = 'waiting' THEN NULL
        ELSE push.close_states(b.run_day, b.batch_id, b.states, b.user_count, CAST(7 AS smallint))
    END,
    status = CASE WHEN b.state_counts[2] > 0 THEN b.status ELSE 'cancelled' END,
    lease_until = CASE WHEN b.state_counts[2] > 0 THEN b.lease_until END,
    done_at = CASE WHEN b.state_counts[2] > 0 THEN NULL ELSE CAST(:now AS timestamptz) END,
    holds_slots = b.claimed_at IS NOT NULL
FROM push.run AS r
WHERE r.run_id = CAST(:run_id AS bigint)
    AND r.status = 'cancelled'
    AND b.run_day = r.run_day
    AND b.run_id = r.run_id
    AND b.bucket = CAST(:bucket AS smallint)
    AND (b.status = 'waiting' OR (b.status = 'claimed' AND (b.state_counts IS NULL OR b.state_counts[1] > 0)))
