-- function_recover_expired_leases: takes the batches back whose lease ran out: begun pushes become unknown, the others
--   wait again.
-- params: at timestamptz
-- returns: one (recover_expired_leases integer)
-- writes: send_batch, outcome
-- why: every claim does this too; call it where nobody claims, so that the numbers are right. At most 1000 batches a
--   call; returns how many.
CREATE OR REPLACE FUNCTION push.recover_expired_leases(at timestamptz DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN push.take_back_expired(push.queue_moment(at));
END $$;
REVOKE ALL ON FUNCTION push.recover_expired_leases(timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION push.recover_expired_leases(timestamptz) TO pushline_sender, pushline_planner;
