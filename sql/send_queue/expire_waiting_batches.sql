-- expire_waiting_batches: ends batches that may not leave any more; the caller holds the bucket's lock.
-- params: run_days date[], batch_ids bigint[], bucket smallint, now timestamptz
-- returns: none
-- writes: send_batch
-- why: slots come back only where no claim was ever made; looks at status and leave_by again, since a taker may have
--   been faster.
UPDATE push.send_batch AS b
SET
    states = CASE
        WHEN b.states IS NULL THEN NULL
        ELSE push.close_states(b.run_day, b.batch_id, b.states, b.user_count, CAST(6 AS smallint))
    END,
    status = 'expired',
    done_at = CAST(:now AS timestamptz),
    holds_slots = b.claimed_at IS NOT NULL
WHERE b.run_day = ANY(CAST(:run_days AS date[]))
    AND b.batch_id = ANY(CAST(:batch_ids AS bigint[]))
    AND b.bucket = CAST(:bucket AS smallint)
    AND b.status = 'waiting'
    AND b.leave_by <= CAST(:now AS timestamptz)
