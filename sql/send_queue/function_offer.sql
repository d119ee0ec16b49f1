-- function_offer: takes pushes that another team wants to send: makes a run of kind foreign that the planner decides
--   under the same law.
-- params: team text, occasion_key text, class push.class, lane push.lane, user_ids bigint[], content jsonb, not_before
--   timestamptz, expires_at timestamptz, at timestamptz
-- returns: one (run_id bigint)
-- writes: offer, offering_team, run, run_text, audience_block
-- why: idempotent on (team, occasion_key): a repeat answers with the same run, a repeat with other content is refused.
--   Users who come twice collapse, and are counted. The first login that offers under a name has it from then on; the lock is
--   for two that come at once.
CREATE OR REPLACE FUNCTION push.offer(
    team text, occasion_key text, class push.class, lane push.lane, user_ids bigint[], content jsonb,
    not_before timestamptz, expires_at timestamptz, at timestamptz DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
#variable_conflict use_variable
DECLARE
    moment timestamptz := push.queue_moment(at);
    complaint text;
    fingerprint text;
    known push.offer;
    new_run bigint;
BEGIN
    SELECT encode(
        sha256(convert_to(
            jsonb_build_array(class, lane, content, not_before, expires_at, array_agg(DISTINCT u.u ORDER BY u.u))::text, 'UTF8'
        )),
        'hex'
    ) INTO fingerprint
    FROM unnest(user_ids) AS u (u);

    complaint := push.check_team(team, class);
    IF complaint IS NULL AND NOT push.writes_queue() AND NOT EXISTS (SELECT FROM push.offering_team AS t WHERE t.team = offer.team) THEN
        LOCK TABLE push.offering_team IN SHARE ROW EXCLUSIVE MODE;
        complaint := push.check_team(team, class);
        IF complaint IS NULL THEN
            INSERT INTO push.offering_team AS t (team, role, since) VALUES (team, session_user, moment) ON CONFLICT DO NOTHING;
        END IF;
    END IF;
    IF complaint IS NOT NULL THEN
        RAISE EXCEPTION '%', complaint USING ERRCODE = 'PQ003';
    END IF;

    -- Twice, because the same offer may arrive at the same time over two connections.
    FOR attempt IN 1..2 LOOP
        SELECT o.* INTO known FROM push.offer AS o WHERE o.team = offer.team AND o.occasion_key = offer.occasion_key;
        IF FOUND AND known.content_hash = fingerprint THEN
            RETURN (SELECT r.run_id FROM push.run AS r WHERE r.source_kind = 'foreign' AND r.source_id = known.offer_id);
        ELSIF FOUND THEN
            RAISE EXCEPTION 'Team % offered "%" before with other content (at %). Nothing was changed: %.',
                team, occasion_key, to_char(known.offered_at, 'YYYY-MM-DD HH24:MI "UTC"'),
                'repeat the same offer to read its run, or use a new occasion key' USING ERRCODE = 'PQ003';
        END IF;
        complaint := push.check_offer(team, occasion_key, class, lane, user_ids, content, not_before, expires_at, moment);
        IF complaint IS NOT NULL THEN
            RAISE EXCEPTION '%', complaint USING ERRCODE = 'PQ003';
        END IF;
        INSERT INTO push.offer AS o (team, occasion_key, offered_at, offered_by, content_hash)
        VALUES (team, occasion_key, moment, session_user, fingerprint)
        ON CONFLICT ON CONSTRAINT offer_key DO NOTHING
        RETURNING o.* INTO known;
        EXIT WHEN FOUND;
    END LOOP;

    INSERT INTO push.run AS r (
        source_kind, source_id, occasion, version, content_hash, title, class, lane, tags, is_counted, limit_mode,
        due_at, ttl, expires_at, salt, languages, snapshot_at, audience_rows, audience_users, created_at
    )
    SELECT
        'foreign', known.offer_id, not_before, 1, fingerprint,
        coalesce(nullif(trim(content ->> 'title'), ''), team || ': ' || occasion_key),
        class, lane,
        ARRAY(SELECT jsonb_array_elements_text(coalesce(content -> 'tags', '[]'))),
        class <> 'transactional', coalesce(content ->> 'limit_mode', 'drop'),
        not_before, expires_at - not_before, expires_at,
        hashtextextended('offer:' || team, 0),
        ARRAY(SELECT jsonb_object_keys(content -> 'texts')),
        moment, cardinality(user_ids), (SELECT count(DISTINCT u.u) FROM unnest(user_ids) AS u (u)), moment
    RETURNING r.run_id INTO new_run;

    INSERT INTO push.run_text (run_id, variant, language, title, body, link, image_url)
    SELECT
        new_run, 0, t.language, t.words ->> 'title', t.words ->> 'body',
        coalesce(t.words ->> 'link', ''), coalesce(t.words ->> 'image_url', '')
    FROM jsonb_each(content -> 'texts') AS t (language, words);

    INSERT INTO push.audience_block (run_id, bucket, users)
    SELECT new_run, push.bucket_of(u.u), array_agg(DISTINCT u.u ORDER BY u.u)
    FROM unnest(user_ids) AS u (u)
    GROUP BY push.bucket_of(u.u);
    RETURN new_run;
END $$;
REVOKE ALL ON FUNCTION push.offer(
    text, text, push.class, push.lane, bigint[], jsonb, timestamptz, timestamptz, timestamptz
) FROM public;
GRANT EXECUTE ON FUNCTION push.offer(
    text, text, push.class, push.lane, bigint[], jsonb, timestamptz, timestamptz, timestamptz
) TO pushline_producer;
