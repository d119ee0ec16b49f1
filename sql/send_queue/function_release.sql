-- function_release: gives a batch back before its lease ends; what had not begun waits again.
-- params: batch_id bigint, fence integer, at timestamptz
-- returns: one (release integer)
-- writes: send_batch, outcome
-- why: begun positions without an answer end as if the lease had run out. Returns how many positions wait again.
CREATE OR REPLACE FUNCTION push.release(batch_id bigint, fence integer, at timestamptz DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moment timestamptz := push.queue_moment(at);
    batch push.send_batch := push.lock_batch(release.batch_id, release.fence);
BEGIN
    IF batch.status <> 'claimed' THEN
        RETURN 0;
    END IF;
    RETURN push.give_back(ARRAY[batch.run_day], ARRAY[batch.batch_id], moment, 'released');
END $$;
REVOKE ALL ON FUNCTION push.release(bigint, integer, timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION push.release(bigint, integer, timestamptz) TO pushline_sender;
