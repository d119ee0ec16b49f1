-- function_lock_batch: locks a batch for its taker, or says that the fence is stale.
-- params: batch_id bigint, fence integer
-- returns: one (batch push.send_batch)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.lock_batch(batch_id bigint, fence integer) RETURNS push.send_batch
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    batch push.send_batch;
    day date := (SELECT r.run_day FROM push.run AS r WHERE r.run_id = lock_batch.batch_id >> 24);
BEGIN
    SELECT b.* INTO batch
    FROM push.send_batch AS b
    WHERE b.run_day = day AND b.batch_id = lock_batch.batch_id
    FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no batch %.', lock_batch.batch_id USING ERRCODE = 'PQ002';
    ELSIF lock_batch.fence IS DISTINCT FROM batch.fence THEN
        RAISE EXCEPTION 'Batch % is no longer yours: your fence is %, it stands at %. Nothing was changed; drop what is left of it.',
            lock_batch.batch_id, lock_batch.fence, batch.fence USING ERRCODE = 'PQ001';
    END IF;
    RETURN batch;
END $$;
REVOKE ALL ON FUNCTION push.lock_batch(bigint, integer) FROM public;
