-- function_rebucket: changes the number of buckets: recipients, and everything of every run, in the caller's transaction.
-- params: new_count integer, moment timestamptz
-- returns: none
-- writes: setting, bucket_lock, recipient, audience_block, audience_field, decision_block, send_batch, outcome, receipt, run_bucket, set_aside
-- why: offline work: it locks what planners and takers write, and whoever calls it has made sure that nobody works. Day by day, so that
--   what is held at once stays as small as a day's runs.
CREATE OR REPLACE FUNCTION push.rebucket(new_count integer, moment timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE
AS $$
DECLARE
    old_count integer := (SELECT s.bucket_count FROM push.setting AS s);
    day date;
BEGIN
    CREATE TEMPORARY TABLE moved_user (
        run_id bigint, old_bucket smallint, kind smallint, old_place integer, user_id bigint, field text, has_fields boolean,
        bucket smallint, place integer
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE moved_push (
        run_id bigint, batch_id bigint, old_position smallint, user_id bigint, state smallint, place integer, bucket smallint,
        position smallint
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE moved_batch (
        batch_id bigint, bucket smallint, is_split boolean, new_batch_id bigint, number bigint, users bigint[], states smallint[],
        places integer[]
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE moved_decision (
        run_id bigint, bucket smallint, reason smallint, rule_no smallint, users bigint[]
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE moved_mark (
        run_id bigint, old_bucket smallint, planned_at timestamptz, policy_id integer, enqueued_users integer,
        more_audience integer, more_enqueued integer, more_batches integer
    ) ON COMMIT DROP;

    PERFORM push.set_bucket_count(new_count);
    FOR day IN SELECT DISTINCT r.run_day FROM push.run AS r ORDER BY 1 LOOP
        PERFORM push.rebucket_day(day, old_count, new_count, moment);
    END LOOP;
    -- A failure in a bucket that is no more: of two the later one stays.
    INSERT INTO push.set_aside (run_id, bucket, failed_at, error)
    SELECT DISTINCT ON (a.run_id, a.bucket & new_count - 1) a.run_id, a.bucket & new_count - 1, a.failed_at, a.error
    FROM push.set_aside AS a
    WHERE a.bucket >= new_count
    ORDER BY a.run_id, a.bucket & new_count - 1, a.failed_at DESC
    ON CONFLICT (run_id, bucket) DO NOTHING;
    DELETE FROM push.set_aside AS a WHERE a.bucket >= new_count;
    ANALYZE push.recipient, push.send_batch, push.audience_block, push.audience_field, push.decision_block, push.run_bucket;
END $$;
REVOKE ALL ON FUNCTION push.rebucket(integer, timestamptz) FROM public;
