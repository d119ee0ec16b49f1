-- function_renew: prolongs the lease of a batch that its taker still works on.
-- params: batch_id bigint, fence integer, lease interval, at timestamptz
-- returns: one (renew timestamptz)
-- writes: send_batch
-- why: null when the batch has ended meanwhile (its last position ended, or its run was cancelled): nothing is left to
--   do.
CREATE OR REPLACE FUNCTION push.renew(batch_id bigint, fence integer, lease interval, at timestamptz DEFAULT NULL) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moment timestamptz := push.queue_moment(at);
    batch push.send_batch := push.lock_batch(renew.batch_id, renew.fence);
BEGIN
    IF lease IS NULL OR lease NOT BETWEEN interval '1 second' AND interval '1 hour' THEN
        RAISE EXCEPTION 'A lease lasts from 1 second to 1 hour, not %.', lease USING ERRCODE = 'PQ002';
    ELSIF batch.status <> 'claimed' THEN
        RETURN NULL;
    END IF;
    UPDATE push.send_batch AS b
    SET lease_until = moment + lease
    WHERE b.run_day = batch.run_day AND b.batch_id = batch.batch_id;
    RETURN moment + lease;
END $$;
REVOKE ALL ON FUNCTION push.renew(bigint, integer, interval, timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION push.renew(bigint, integer, interval, timestamptz) TO pushline_sender;
