-- function_refresh_recipients: bring recipient in step with person, consent, installation and control_member for
--      these users.
-- params: user_ids bigint[], at timestamptz
-- returns: one (changed integer)
-- writes: push.recipient, push.language, push.zone
-- why: called by whoever changed a source, in the same transaction, after the change. Two transactions may change two
--      sources of one user at once: the later waits here for the row (or, while there is none, for the bucket) and the
--      next statement, with a snapshot of its own in READ COMMITTED, sees what the earlier wrote. All is locked, in the
--      order of buckets, before anything is written. Only rows that differ are written: a sync that finds nothing new
--      leaves no dead rows behind.
--      Bucket by bucket, the bucket a value: a statement over one partition is planned in a fraction of the time that
--      one over 64 takes (a single change 2 ms of CPU instead of 5 to 9). Planned anew each time, for a kept plan does
--      not know the bucket, and reads all people for one (75 ms). Look-ups by key whatever the statistics say: a first
--      sync fills empty tables, and read whole tables per user (1M people: an hour instead of half a minute).
CREATE OR REPLACE FUNCTION push.refresh_recipients(user_ids bigint[], at timestamptz DEFAULT now()) RETURNS integer
LANGUAGE plpgsql
SET enable_seqscan = off
SET enable_hashjoin = off
SET enable_mergejoin = off
SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
    part record;
    written integer;
    changed integer := 0;
BEGIN
    IF user_ids IS NULL OR cardinality(user_ids) = 0 THEN
        RETURN 0;
    END IF;
    FOR part IN
        SELECT push.bucket_of(u) AS bucket, array_agg(u) AS users FROM unnest(user_ids) AS u
        GROUP BY push.bucket_of(u)
        ORDER BY push.bucket_of(u)
    LOOP
        PERFORM FROM push.bucket_lock AS l
        WHERE l.bucket = part.bucket AND EXISTS (
            SELECT FROM unnest(part.users) AS u
            WHERE NOT EXISTS (SELECT FROM push.recipient AS r WHERE r.bucket = part.bucket AND r.user_id = u)
        )
        FOR UPDATE;
        PERFORM FROM push.recipient AS r
        WHERE r.bucket = part.bucket AND r.user_id = ANY(part.users)
        ORDER BY r.user_id
        FOR NO KEY UPDATE;
    END LOOP;
    INSERT INTO push.language (locale)
    SELECT DISTINCT push.normal_locale(p.language) AS locale
    FROM push.person AS p
    WHERE
        p.user_id = ANY(user_ids) AND push.normal_locale(p.language) IS NOT NULL
        AND NOT EXISTS (SELECT FROM push.language AS l WHERE l.locale = push.normal_locale(p.language))
    ORDER BY locale
    ON CONFLICT (locale) DO NOTHING;
    FOR part IN
        SELECT push.bucket_of(u) AS bucket, array_agg(u) AS users FROM unnest(user_ids) AS u
        GROUP BY push.bucket_of(u)
        ORDER BY push.bucket_of(u)
    LOOP
        INSERT INTO push.recipient AS r
        (bucket, zone_id, language_id, consents, weekly_limit, user_id, is_reachable, is_control, is_erased)
        SELECT e.bucket, e.zone_id, e.language_id, e.consents, e.weekly_limit, e.user_id, e.is_reachable, e.is_control, e.is_erased
        FROM push.expected_recipients(part.users, at) AS e
        LEFT JOIN push.recipient AS old ON old.bucket = part.bucket AND e.user_id = old.user_id
        WHERE
            old.user_id IS NULL
            OR (old.zone_id, old.language_id, old.consents, old.weekly_limit, old.is_reachable, old.is_control, old.is_erased)
            IS DISTINCT FROM (e.zone_id, e.language_id, e.consents, e.weekly_limit, e.is_reachable, e.is_control, e.is_erased)
        ON CONFLICT (bucket, user_id) DO UPDATE SET
            zone_id = excluded.zone_id,
            language_id = excluded.language_id,
            consents = excluded.consents,
            weekly_limit = excluded.weekly_limit,
            is_reachable = excluded.is_reachable,
            is_control = excluded.is_control,
            is_erased = excluded.is_erased;
        GET DIAGNOSTICS written = ROW_COUNT;
        changed := changed + written;
    END LOOP;
    UPDATE push.zone AS z
    SET is_used = true
    WHERE
        NOT z.is_used
        AND z.name IN (SELECT p.zone FROM push.person AS p WHERE p.user_id = ANY(user_ids));
    RETURN changed;
END $$;
COMMENT ON FUNCTION push.refresh_recipients IS 'Writes what the planner must know of these users anew; returns how many rows changed.';
