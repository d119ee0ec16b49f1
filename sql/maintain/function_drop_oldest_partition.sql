-- function_drop_oldest_partition: drops the oldest weekly partition of batches, outcomes, receipts or events that is past its retention; null when none is.
-- params: moment timestamptz
-- returns: one (drop_oldest_partition text)
-- writes: send_batch, outcome, receipt, event
-- why: never while a run of its week has no kept total. One a transaction: a taker holds the batches while it writes outcomes, and whoever held
--   the outcomes while waiting for the batches would be its deadlock. Gives up after 5 s of waiting for a lock: tomorrow is another day.
CREATE OR REPLACE FUNCTION push.drop_oldest_partition(moment timestamptz) RETURNS text
LANGUAGE plpgsql VOLATILE
SET lock_timeout = '5s'
AS $$
DECLARE
    last_day date;
    child record;
BEGIN
    SELECT ((moment AT TIME ZONE 'UTC') - s.batch_retention)::date INTO last_day FROM push.setting AS s;
    FOR child IN
        SELECT
            c.relname AS name,
            to_date(right(c.relname, 8), 'YYYYMMDD') AS week
        FROM pg_catalog.pg_inherits AS i
        INNER JOIN pg_catalog.pg_class AS c
            ON i.inhrelid = c.oid
        WHERE i.inhparent IN (
            'push.send_batch'::regclass, 'push.outcome'::regclass, 'push.receipt'::regclass, 'push.event'::regclass
        )
            AND c.relname ~ '_\d{8}$'
        ORDER BY 2, 1
    LOOP
        CONTINUE WHEN child.week + 7 > last_day;
        CONTINUE WHEN child.name NOT LIKE 'event%' AND EXISTS (
            SELECT
            FROM push.run AS r
            WHERE r.run_day >= child.week AND r.run_day < child.week + 7
                AND NOT EXISTS (SELECT FROM push.run_total AS t WHERE t.run_id = r.run_id)
        );
        EXECUTE format('DROP TABLE push.%I', child.name);
        RETURN child.name;
    END LOOP;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION push.drop_oldest_partition(timestamptz) FROM public;
