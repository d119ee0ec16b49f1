-- function_take_back_expired: takes the batches back whose lease ran out.
-- params: moment timestamptz
-- returns: one (take_back_expired integer)
-- writes: send_batch, outcome
-- why: apart from recover_expired_leases because claim has judged the moment already. Returns the number of batches.
CREATE OR REPLACE FUNCTION push.take_back_expired(moment timestamptz) RETURNS integer
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    days date[];
    ids bigint[];
BEGIN
    SELECT array_agg(l.run_day), array_agg(l.batch_id) INTO days, ids
    FROM (
        SELECT b.run_day, b.batch_id
        FROM push.send_batch AS b
        WHERE b.status = 'claimed' AND b.lease_until <= moment
        ORDER BY b.lease_until
        LIMIT 1000
        FOR UPDATE SKIP LOCKED
    ) AS l;
    IF ids IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM push.give_back(days, ids, moment, 'lease_expired');
    RETURN cardinality(ids);
END $$;
REVOKE ALL ON FUNCTION push.take_back_expired(timestamptz) FROM public;
