-- function_set_bucket_count: says how many buckets there are, everywhere that it is said: setting, push.bucket_of, bucket_lock, recipient.
-- params: new_count integer
-- returns: none
-- writes: setting, bucket_lock, recipient
-- why: called by push.rebucket. recipient keeps its name, rights and views: only its partitions are made anew.
CREATE OR REPLACE FUNCTION push.set_bucket_count(new_count integer) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    child text;
    bucket integer;
BEGIN
    CREATE TEMPORARY TABLE moved_recipient ON COMMIT DROP AS SELECT r.* FROM push.recipient AS r;
    FOR child IN SELECT i.inhrelid::regclass::text FROM pg_catalog.pg_inherits AS i WHERE i.inhparent = 'push.recipient'::regclass LOOP
        EXECUTE format('DROP TABLE %s', child);
    END LOOP;
    EXECUTE format(
        'CREATE OR REPLACE FUNCTION push.bucket_of(user_id bigint) RETURNS smallint LANGUAGE sql IMMUTABLE PARALLEL SAFE '
        'RETURN (hashint8extended(user_id, 7) & %s)::smallint',
        new_count - 1
    );
    UPDATE push.setting AS s SET bucket_count = new_count;
    DELETE FROM push.bucket_lock AS l WHERE l.bucket >= new_count;
    INSERT INTO push.bucket_lock (bucket)
    SELECT n::smallint FROM generate_series(0, new_count - 1) AS n
    ON CONFLICT DO NOTHING;
    FOR bucket IN SELECT generate_series(0, new_count - 1) LOOP
        EXECUTE format(
            'CREATE TABLE push.recipient_%s PARTITION OF push.recipient FOR VALUES IN (%s) WITH (fillfactor = 85)', bucket, bucket
        );
    END LOOP;
    INSERT INTO push.recipient (
        bucket, zone_id, language_id, consents, weekly_limit, user_id, is_reachable, is_control, is_erased
    )
    SELECT
        push.bucket_of(m.user_id), m.zone_id, m.language_id, m.consents, m.weekly_limit, m.user_id, m.is_reachable, m.is_control, m.is_erased
    FROM moved_recipient AS m;
END $$;
REVOKE ALL ON FUNCTION push.set_bucket_count(integer) FROM public;
