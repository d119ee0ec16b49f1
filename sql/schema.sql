CREATE SCHEMA push;

COMMENT ON SCHEMA push IS 'Push campaigns: people, policy, runs, the send queue and what came back.';

CREATE TYPE push.class AS ENUM (
    'marketing',
    'trigger',
    'transactional'
);

COMMENT ON TYPE push.class IS 'What consent a push needs and which caps count it.';

CREATE TYPE push.lane AS ENUM (
    'trigger',
    'marketing'
);

COMMENT ON TYPE push.lane IS 'Which queue a push travels in; the order is the order of claiming.';

CREATE TYPE push.source_kind AS ENUM (
    'brief',
    'trigger',
    'foreign'
);

COMMENT ON TYPE push.source_kind IS 'Whose occasion a run is.';

CREATE FUNCTION push.begin(batch_id bigint, fence integer, positions smallint[] DEFAULT NULL::smallint[], at timestamp with time zone DEFAULT NULL::timestamp with time zone, OUT may_leave smallint[], OUT refused_because text) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    moment timestamptz := push.queue_moment(at);
    batch push.send_batch := push.lock_batch(begin.batch_id, begin.fence);
    asked integer;
    known_states smallint[] := coalesce(batch.states, array_fill(0::smallint, ARRAY[batch.user_count]));
BEGIN
    may_leave := '{}';
    refused_because := CASE
        WHEN EXISTS (SELECT FROM push.run AS r WHERE r.run_id = batch.run_id AND r.status = 'cancelled') THEN 'cancelled'
        WHEN batch.status <> 'claimed' THEN 'ended'
        WHEN batch.leave_by <= moment THEN 'expired'
        WHEN push.is_paused(batch.lane, batch.run_id) THEN 'paused'
        WHEN push.list_unapproved_runs(ARRAY[batch.run_id]) <> '{}' THEN 'paused'
    END;
    IF refused_because IS NOT NULL THEN
        RETURN;
    END IF;

    SELECT
        coalesce(array_agg(p.position::smallint ORDER BY p.position) FILTER (WHERE p.state = 0 AND p.user_id <> 0), '{}'),
        CASE
            WHEN positions IS NULL THEN count(*) FILTER (WHERE p.state = 0)
            ELSE (SELECT count(DISTINCT a) FROM unnest(positions) AS a)
        END
    INTO may_leave, asked
    FROM unnest(batch.users, known_states) WITH ORDINALITY AS p (user_id, state, position)
    WHERE positions IS NULL OR p.position = ANY(positions);

    IF cardinality(may_leave) < asked THEN
        refused_because := 'position';
    END IF;
    IF may_leave <> '{}' THEN
        UPDATE push.send_batch AS b
        SET states = (
            SELECT array_agg(CASE WHEN l.position IS NULL THEN s.state ELSE 1 END::smallint ORDER BY s.position)
            FROM unnest(known_states) WITH ORDINALITY AS s (state, position)
            LEFT JOIN unnest(may_leave) AS l (position) ON l.position = s.position
        )
        WHERE b.run_day = batch.run_day AND b.batch_id = batch.batch_id;
    END IF;
END $$;

CREATE FUNCTION push.bucket_of(user_id bigint) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((hashint8extended(user_id, (7)::bigint) & (63)::bigint))::smallint;

COMMENT ON FUNCTION push.bucket_of(user_id bigint) IS 'The fixed slice of users: unit of parallel work, locking and recovery. `pushline rebucket` replaces it.';

CREATE FUNCTION push.bucket_within(user_id bigint, old_bucket smallint, bucket_count integer) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT (CASE WHEN user_id = 0 THEN old_bucket ELSE hashint8extended(user_id, 7) END & bucket_count - 1)::smallint
$$;

CREATE FUNCTION push.cancel_runs(run_ids bigint[], lane push.lane, who text, at timestamp with time zone) RETURNS TABLE(run_id bigint)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    WITH under_way AS (
        SELECT r.run_id
        FROM push.run AS r
        WHERE cancel_runs.run_ids IS NULL
            AND (cancel_runs.lane IS NULL OR r.lane = cancel_runs.lane)
            AND (
                r.status IN ('held', 'planning', 'set_aside')
                OR (r.status = 'planned' AND EXISTS (
                    SELECT
                    FROM push.send_batch AS b
                    WHERE b.run_day = r.run_day AND b.run_id = r.run_id AND b.status IN ('waiting', 'claimed')
                ))
            )
    ),
    cancelled AS (
        UPDATE push.run AS r
        SET
            status = 'cancelled',
            status_note = 'cancelled by ' || cancel_runs.who,
            finished_at = cancel_runs.at,
            closed_at = NULL
        WHERE (r.run_id = ANY(cancel_runs.run_ids) OR r.run_id IN (SELECT u.run_id FROM under_way AS u))
            AND r.status NOT IN ('cancelled', 'expired')
        RETURNING r.run_id, r.source_kind, r.source_id
    ),
    noted AS (
        INSERT INTO push.audit_log (happened_at, who, what, source_kind, source_id, run_id)
        SELECT cancel_runs.at, cancel_runs.who, 'cancel', c.source_kind, c.source_id, c.run_id
        FROM cancelled AS c
    )
    SELECT c.run_id FROM cancelled AS c
$$;

CREATE FUNCTION push.check_offer(team text, occasion_key text, class push.class, lane push.lane, user_ids bigint[], content jsonb, not_before timestamp with time zone, expires_at timestamp with time zone, moment timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN ((COALESCE(TRIM(BOTH FROM team), ''::text) = ''::text) OR (COALESCE(TRIM(BOTH FROM occasion_key), ''::text) = ''::text) OR (length(team) > 100) OR (length(occasion_key) > 200)) THEN 'Name your team (up to 100 letters) and the occasion (up to 200): together they make a repeat harmless.'::text
             WHEN ((class IS NULL) OR (lane IS NULL) OR ((lane = 'marketing'::push.lane) <> (class = 'marketing'::push.class))) THEN 'Class marketing travels in the lane marketing, trigger and transactional in the lane trigger.'::text
             WHEN ((COALESCE(cardinality(user_ids), 0) < 1) OR (COALESCE(cardinality(user_ids), 0) > 1000000)) THEN 'Offer 1 to 1,000,000 users at once; split a bigger audience into several occasion keys.'::text
             WHEN ((array_position(user_ids, NULL::bigint) IS NOT NULL) OR (EXISTS ( SELECT
                FROM unnest(check_offer.user_ids) u(u)
               WHERE (u.u <= 0)))) THEN 'User ids are whole numbers above 0.'::text
             WHEN ((not_before IS NULL) OR (expires_at IS NULL) OR (not_before = 'infinity'::timestamp with time zone) OR (expires_at <= not_before) OR (expires_at <= moment)) THEN 'expires_at must be later than not_before, and not passed.'::text
             WHEN ((not_before < (moment - '1 day'::interval)) OR (not_before > (moment + '28 days'::interval))) THEN 'not_before may lie one day back at most and 28 days ahead.'::text
             WHEN (expires_at > (GREATEST(not_before, moment) + '28 days'::interval)) THEN 'expires_at may lie 28 days after not_before at most.'::text
             WHEN ((content IS NULL) OR (jsonb_typeof(content) <> 'object'::text) OR ((content - ARRAY['title'::text, 'tags'::text, 'limit_mode'::text, 'texts'::text]) <> '{}'::jsonb)) THEN 'content is an object with texts and, if you want, title, tags and limit_mode.'::text
             WHEN ((COALESCE(jsonb_typeof((content -> 'texts'::text)), ''::text) <> 'object'::text) OR ((content -> 'texts'::text) = '{}'::jsonb)) THEN 'content.texts holds a text per language: {"ru": {"title": "...", "body": "...", "link": "...", "image_url": "..."}}.'::text
             WHEN ((COALESCE(jsonb_typeof((content -> 'title'::text)), 'string'::text) <> 'string'::text) OR (COALESCE((content ->> 'limit_mode'::text), 'drop'::text) <> ALL (ARRAY['drop'::text, 'defer'::text]))) THEN 'content.title is a string; content.limit_mode is drop or defer.'::text
             WHEN ((COALESCE(jsonb_typeof((content -> 'tags'::text)), 'array'::text) <> 'array'::text) OR jsonb_path_exists(content, '$."tags"[*]?(@.type() != "string")'::jsonpath)) THEN 'content.tags is a list of strings.'::text
             WHEN jsonb_path_exists(content, '$."tags"[*]?(@ like_regex ":")'::jsonpath) THEN 'A tag of yours has no ":" in it: brief:7 and trigger:3 are how Pushline counts its own.'::text
             WHEN (EXISTS ( SELECT
                FROM jsonb_each((check_offer.content -> 'texts'::text)) t(language, words)
               WHERE ((t.language !~ '^[a-z]{2,3}(-[a-z0-9]{2,8})*$'::text) OR (jsonb_typeof(t.words) <> 'object'::text) OR ((t.words - ARRAY['title'::text, 'body'::text, 'link'::text, 'image_url'::text]) <> '{}'::jsonb) OR jsonb_path_exists(t.words, '$.*?(@.type() != "string")'::jsonpath) OR (COALESCE(TRIM(BOTH FROM (t.words ->> 'title'::text)), ''::text) = ''::text) OR (COALESCE(TRIM(BOTH FROM (t.words ->> 'body'::text)), ''::text) = ''::text)))) THEN 'Each text is {"title", "body"} with, if you want, "link" and "image_url", all strings, under a language like ru or kk.'::text
             WHEN (((content ->> 'texts'::text) ~~ '%{{%'::text) OR ((content ->> 'texts'::text) ~~ '%{\%%'::text)) THEN 'Texts of an offer go to everybody alike: no {{ fields }} and no {% tags %}.'::text
             ELSE NULL::text
         END AS "case";
END;

CREATE FUNCTION push.writes_queue() RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT has_table_privilege(SESSION_USER, 'push.send_batch'::text, 'UPDATE'::text) AS has_table_privilege;
END;

CREATE TABLE push.offering_team (
    team text NOT NULL,
    role text NOT NULL,
    may_be_transactional boolean DEFAULT false NOT NULL,
    since timestamp with time zone NOT NULL
);

COMMENT ON TABLE push.offering_team IS 'Who may offer pushes under a team''s name and read what became of them: the role that did so first, and those that the owner adds.';

COMMENT ON COLUMN push.offering_team.role IS 'The login as which the team''s program connects.';

COMMENT ON COLUMN push.offering_team.may_be_transactional IS 'Whether it may offer pushes that skip caps, quiet hours and control groups.';

CREATE FUNCTION push.check_team(team text, class push.class) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT
         CASE
             WHEN push.writes_queue() THEN NULL::text
             WHEN ((EXISTS ( SELECT
                FROM push.offering_team t
               WHERE (t.team = check_team.team))) AND (NOT (EXISTS ( SELECT
                FROM push.offering_team t
               WHERE ((t.team = check_team.team) AND (t.role = SESSION_USER)))))) THEN format(('The name %s belongs to another login than %s: offer under a name of your own. If it is your team, whoever runs Pushline'::text || ' lets you in: SELECT push.let_team_offer(%L, %L)'::text), team, SESSION_USER, team, SESSION_USER)
             WHEN ((class = 'transactional'::push.class) AND (NOT (EXISTS ( SELECT
                FROM push.offering_team t
               WHERE ((t.team = check_team.team) AND (t.role = SESSION_USER) AND t.may_be_transactional))))) THEN format(('Team %s may not offer transactional pushes: they skip caps, quiet hours and control groups. Use class trigger, or whoever runs'::text || ' Pushline allows it: SELECT push.let_team_offer(%L, %L, may_be_transactional => true)'::text), team, team, SESSION_USER)
             ELSE NULL::text
         END AS "case";
END;

CREATE FUNCTION push.claim(worker text, lanes push.lane[], max_batches integer, lease interval, at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS TABLE(batch_id bigint, run_day date, fence integer, run_id bigint, lane push.lane, class push.class, variant smallint, language text, title text, body text, link text, image_url text, field_names text[], users bigint[], fields text[], states smallint[], not_before timestamp with time zone, expires_at timestamp with time zone, leave_by timestamp with time zone, lease_until timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    moment timestamptz := push.queue_moment(at);
    stopped bigint[];
    unapproved bigint[];
    open_lane push.lane;
    picked_days date[] := '{}';
    picked_ids bigint[] := '{}';
    more_days date[];
    more_ids bigint[];
BEGIN
    IF coalesce(claim.worker, '') = '' THEN
        RAISE EXCEPTION 'A claim needs the name of its worker: it is shown to whoever looks for a stuck batch.' USING ERRCODE = 'PQ002';
    ELSIF max_batches IS NULL OR max_batches NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'Claim 1 to 1000 batches at once, not %.', max_batches USING ERRCODE = 'PQ002';
    ELSIF lease IS NULL OR lease NOT BETWEEN interval '1 second' AND interval '1 hour' THEN
        RAISE EXCEPTION 'A lease lasts from 1 second to 1 hour, not %: renew it while you work.', lease USING ERRCODE = 'PQ002';
    END IF;

    PERFORM push.take_back_expired(moment);
    stopped := push.list_stopped_runs(moment);
    FOREACH open_lane IN ARRAY enum_range(NULL::push.lane) LOOP
        CONTINUE WHEN open_lane <> ALL(coalesce(lanes, enum_range(NULL::push.lane))) OR push.is_paused(open_lane, NULL);
        EXIT WHEN cardinality(picked_ids) >= max_batches;
        LOOP
            SELECT coalesce(array_agg(p.run_day), '{}'), coalesce(array_agg(p.batch_id), '{}') INTO more_days, more_ids
            FROM push.pick_due(open_lane, max_batches - cardinality(picked_ids), moment, stopped) AS p;
            unapproved := push.list_unapproved_runs(ARRAY(SELECT DISTINCT m >> 24 FROM unnest(more_ids) AS m));
            EXIT WHEN unapproved = '{}';
            stopped := stopped || unapproved;
        END LOOP;
        picked_days := picked_days || more_days;
        picked_ids := picked_ids || more_ids;
    END LOOP;
    IF picked_ids = '{}' THEN
        RETURN;
    END IF;

    WITH taken AS (
        UPDATE push.send_batch AS b
        SET status = 'claimed', worker = claim.worker, claimed_at = moment, lease_until = moment + lease, fence = b.fence + 1
        WHERE b.run_day = ANY(picked_days) AND b.batch_id = ANY(picked_ids) AND b.status = 'waiting'
        RETURNING b.run_day, b.batch_id, b.run_id, b.user_count
    ),
    throttled AS (
        SELECT
            t.run_id,
            array_agg(moment + greatest(interval '1 minute', t.user_count * interval '1 minute' / r.throttle)) AS free_at,
            array_agg(t.user_count) AS pushes
        FROM taken AS t
        INNER JOIN push.run AS r ON r.run_id = t.run_id AND r.throttle IS NOT NULL
        GROUP BY t.run_id
    ),
    counted AS (
        UPDATE push.run_throttle AS t
        SET
            free_at = w.free_at || coalesce(
                (SELECT array_agg(c.free_at) FROM unnest(t.free_at) AS c (free_at) WHERE c.free_at > moment), '{}'
            ),
            pushes = w.pushes || coalesce(
                (SELECT array_agg(c.pushes) FROM unnest(t.free_at, t.pushes) AS c (free_at, pushes) WHERE c.free_at > moment), '{}'
            )
        FROM throttled AS w
        WHERE t.run_id = w.run_id
    )
    SELECT array_agg(t.run_day), array_agg(t.batch_id) INTO picked_days, picked_ids FROM taken AS t;

    RETURN QUERY
    SELECT
        b.batch_id, b.run_day, b.fence, b.run_id, b.lane, b.class, b.variant, b.language,
        x.title, x.body, x.link, x.image_url, r.field_names, b.users, push.fields_at(f.fields, b.places),
        coalesce(b.states, array_fill(0::smallint, ARRAY[b.user_count])), b.not_before, b.expires_at, b.leave_by, b.lease_until
    FROM push.send_batch AS b
    INNER JOIN push.run AS r ON r.run_id = b.run_id
    LEFT JOIN push.run_text AS x ON x.run_id = b.run_id AND x.variant = b.variant AND x.language = b.language
    LEFT JOIN push.audience_field AS f ON f.run_id = b.run_id AND f.bucket = b.bucket
    WHERE b.run_day = ANY(picked_days) AND b.batch_id = ANY(picked_ids)
    ORDER BY b.lane, b.not_before, b.batch_id;
END $$;

CREATE FUNCTION push.close_bucket(run_id bigint, bucket smallint, at timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    undecided bigint;
BEGIN
    PERFORM FROM push.bucket_lock AS l WHERE l.bucket = close_bucket.bucket FOR UPDATE;

    UPDATE push.send_batch AS b
    SET
        states = CASE
            WHEN b.states IS NULL AND b.status = 'waiting' THEN NULL
            ELSE push.close_states(b.run_day, b.batch_id, b.states, b.user_count, 7::smallint)
        END,
        status = CASE WHEN b.state_counts[2] > 0 THEN b.status ELSE 'cancelled' END,
        lease_until = CASE WHEN b.state_counts[2] > 0 THEN b.lease_until END,
        done_at = CASE WHEN b.state_counts[2] > 0 THEN NULL ELSE at END,
        holds_slots = b.claimed_at IS NOT NULL
    FROM push.run AS r
    WHERE r.run_id = close_bucket.run_id
        AND r.status = 'cancelled'
        AND b.run_day = r.run_day
        AND b.run_id = r.run_id
        AND b.bucket = close_bucket.bucket
        AND (b.status = 'waiting' OR (b.status = 'claimed' AND (b.state_counts IS NULL OR b.state_counts[1] > 0)));

    WITH undone AS (
        SELECT
            a.run_id, a.bucket, a.users || a.excluded || a.over_max AS users,
            CASE r.status WHEN 'cancelled' THEN 17 ELSE 18 END AS reason
        FROM push.audience_block AS a
        INNER JOIN push.run AS r ON r.run_id = a.run_id
        WHERE a.run_id = close_bucket.run_id
            AND a.bucket = close_bucket.bucket
            AND r.status IN ('cancelled', 'expired')
            AND NOT EXISTS (SELECT FROM push.run_bucket AS m WHERE m.run_id = a.run_id AND m.bucket = a.bucket)
    ),
    marked AS (
        INSERT INTO push.run_bucket (run_id, bucket, planned_at, audience_users, enqueued_users, batch_count)
        SELECT u.run_id, u.bucket, at, cardinality(u.users), 0, 0
        FROM undone AS u
    ),
    decided AS (
        INSERT INTO push.decision_block (run_id, bucket, reason, user_count, users)
        SELECT u.run_id, u.bucket, u.reason, cardinality(u.users), u.users
        FROM undone AS u
        WHERE cardinality(u.users) > 0
        RETURNING user_count
    )
    SELECT coalesce(sum(d.user_count), 0) INTO undecided FROM decided AS d;
    RETURN undecided;
END $$;

CREATE FUNCTION push.close_run(run_id bigint, at timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    UPDATE push.run AS r
    SET closed_at = at
    WHERE r.run_id = close_run.run_id AND r.status IN ('cancelled', 'expired') AND r.closed_at IS NULL;
    RETURN FOUND;
END $$;

CREATE TABLE push.outcome (
    run_day date NOT NULL,
    batch_id bigint NOT NULL,
    "position" smallint NOT NULL,
    installation_id text DEFAULT ''::text NOT NULL,
    attempt smallint NOT NULL,
    outcome smallint NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    ended_at timestamp with time zone NOT NULL
)
PARTITION BY RANGE (run_day);

COMMENT ON TABLE push.outcome IS 'What the provider answered for one push on one installation; outcome is 2 accepted, 3 rejected, 4 unknown or 5 withheld, as the states of send_batch.';

COMMENT ON COLUMN push.outcome.installation_id IS 'Empty when the answer is about the push as a whole: withheld, or its sender vanished.';

COMMENT ON COLUMN push.outcome.attempt IS 'The fence of the claim in which it was tried.';

CREATE FUNCTION push.close_states(run_day date, batch_id bigint, states smallint[], user_count integer, ending smallint) RETURNS smallint[]
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT array_agg(
         CASE
             WHEN (s.state <> 0) THEN s.state
             ELSE COALESCE(( SELECT o.outcome
                FROM push.outcome o
               WHERE ((o.run_day = close_states.run_day) AND (o.batch_id = close_states.batch_id) AND (o."position" = s."position") AND (o.outcome = ANY (ARRAY[2, 4])))
               ORDER BY o.outcome
              LIMIT 1), close_states.ending)
         END ORDER BY s."position") AS array_agg
    FROM unnest(COALESCE(close_states.states, array_fill((0)::smallint, ARRAY[close_states.user_count]))) WITH ORDINALITY s(state, "position");
END;

CREATE FUNCTION push.contain_audience_reader() RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
DECLARE
    dangerous regprocedure;
    others text;
    ours text;
    is_public boolean;
    revoked integer := 0;
BEGIN
    SELECT
        string_agg(quote_ident(r.rolname), ', '), string_agg(quote_ident(r.rolname), ', ') FILTER (WHERE r.rolname ~ '^pushline_')
    INTO others, ours
    FROM pg_roles AS r
    WHERE r.rolname !~ '^pg_' AND r.rolname <> 'pushline_audience' AND NOT r.rolsuper;
    FOR dangerous, is_public IN
        SELECT f.oid::regprocedure, f.is_public FROM push.reader_risk AS f
        WHERE pg_has_role(current_user, f.owner, 'USAGE')
            -- Not what only superusers may call from the start.
            AND (f.is_public OR has_function_privilege('pushline_planner', f.oid, 'EXECUTE'))
    LOOP
        IF NOT is_public THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', dangerous, ours);
            CONTINUE;
        END IF;
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO %s', dangerous, others);
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', dangerous);
        revoked := revoked + 1;
    END LOOP;
    RETURN revoked;
END $$;

COMMENT ON FUNCTION push.contain_audience_reader() IS 'Closes the server''s dangerous functions to the audience role; for a superuser to call.';

CREATE FUNCTION push.count_pushes(bucket smallint, ledger_from timestamp with time zone, ledger_until timestamp with time zone, edges timestamp with time zone[], weights double precision[], watched_tags text[], margins bigint[], slot_from timestamp with time zone[], slot_until timestamp with time zone[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[], slot_maximum integer[], moment timestamp with time zone, needs_later boolean, only_users bigint[]) RETURNS TABLE(user_id bigint, own_count integer, full_slot integer, has_later boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT
        c.user_id,
        (c.packed_1::bigint >> 13 & 8191)::integer,
        CASE
            WHEN c.pushes < 4096
                AND (c.packed_1::bigint + margins[1]) & 2252074725150720 = 0
                AND (c.packed_2 IS NULL OR (c.packed_2::bigint + margins[2]) & 2252074725150720 = 0)
                AND (c.packed_3 IS NULL OR (c.packed_3::bigint + margins[3]) & 2252074725150720 = 0)
                THEN 0
            ELSE push.first_full_slot(c.packed_1, c.packed_2, c.packed_3, slot_maximum)
        END,
        c.latest > moment OR (needs_later AND (c.pushes > 8000 OR cardinality(slot_maximum) > 12))
    FROM (
        SELECT
            p.user_id,
            sum(p.weight_1) AS packed_1,
            sum(p.weight_2) AS packed_2,
            sum(p.weight_3) AS packed_3,
            count(*) AS pushes,
            max(p.not_before) AS latest
        FROM (
            SELECT
                unnest(w.users) AS user_id, w.weight_1, w.weight_2, w.weight_3, w.not_before
            FROM (
                SELECT
                    k.users,
                    CASE WHEN k.is_watched THEN push.weigh(k.not_before, k.class, k.tags, k.is_counted, slot_from[1:4], slot_until[1:4], slot_class[1:4], slot_tag[1:4], slot_counts_uncounted[1:4])
                        ELSE weights[1][k.place] END AS weight_1,
                    CASE WHEN k.is_watched THEN push.weigh(k.not_before, k.class, k.tags, k.is_counted, slot_from[5:8], slot_until[5:8], slot_class[5:8], slot_tag[5:8], slot_counts_uncounted[5:8])
                        ELSE weights[2][k.place] END AS weight_2,
                    CASE WHEN k.is_watched THEN push.weigh(k.not_before, k.class, k.tags, k.is_counted, slot_from[9:12], slot_until[9:12], slot_class[9:12], slot_tag[9:12], slot_counts_uncounted[9:12])
                        ELSE weights[3][k.place] END AS weight_3,
                    CASE WHEN needs_later AND (k.is_counted OR true = ANY(slot_counts_uncounted)) THEN k.not_before END AS not_before
                FROM (
                    SELECT
                        b.users,
                        b.not_before,
                        b.class,
                        b.tags,
                        b.is_counted,
                        b.tags && watched_tags AS is_watched,
                        (CASE b.class WHEN 'marketing' THEN 0 WHEN 'trigger' THEN 2 ELSE 4 END + b.is_counted::integer) * (cardinality(edges) + 1)
                        + width_bucket(b.not_before, edges) + 1 AS place
                    FROM (
                        SELECT l.users, l.not_before, l.class, l.tags, l.is_counted
                        FROM push.send_batch AS l
                        WHERE l.bucket = count_pushes.bucket
                            AND l.holds_slots
                            AND l.user_count > 8
                            AND l.not_before >= ledger_from
                            AND l.not_before < ledger_until
                            AND (only_users IS NULL OR cardinality(only_users) > 4 OR l.users && only_users)
                        UNION ALL
                        SELECT s.users, s.not_before, s.class, s.tags, s.is_counted
                        FROM push.send_batch AS s
                        WHERE s.bucket = count_pushes.bucket
                            AND s.holds_slots
                            AND s.user_count <= 8
                            AND s.not_before >= ledger_from
                            AND s.not_before < ledger_until
                            AND (only_users IS NULL OR cardinality(only_users) > 4 OR s.users && only_users)
                    ) AS b
                    OFFSET 0
                ) AS k
                OFFSET 0
            ) AS w
        ) AS p
        WHERE only_users IS NULL OR p.user_id IN (SELECT o.user_id FROM unnest(only_users) AS o (user_id))
        GROUP BY p.user_id
        OFFSET 0
    ) AS c
    OFFSET 0
$$;

CREATE FUNCTION push.count_states(states smallint[]) RETURNS integer[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN ARRAY[cardinality(array_positions(states, (0)::smallint)), cardinality(array_positions(states, (1)::smallint)), cardinality(array_positions(states, (2)::smallint)), cardinality(array_positions(states, (3)::smallint)), cardinality(array_positions(states, (4)::smallint)), cardinality(array_positions(states, (5)::smallint)), cardinality(array_positions(states, (6)::smallint)), cardinality(array_positions(states, (7)::smallint))];

COMMENT ON FUNCTION push.count_states(states smallint[]) IS 'How many positions are in each state: element s + 1 counts state s.';

CREATE FUNCTION push.counts_for(class push.class, tags text[], is_counted boolean, rule_class push.class, rule_tag text, counts_uncounted boolean) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT (is_counted OR counts_uncounted) AND (rule_class IS NULL OR class = rule_class) AND (rule_tag IS NULL OR rule_tag = ANY(tags))
$$;

CREATE FUNCTION push.create_partitions(from_day date, until_day date) RETURNS integer
    LANGUAGE plpgsql
    AS $$
DECLARE
    parent text;
    week date;
    child text;
    created integer := 0;
BEGIN
    FOREACH parent IN ARRAY ARRAY['send_batch', 'outcome', 'receipt', 'event'] LOOP
        FOR week IN SELECT generate_series(date_trunc('week', from_day), until_day, interval '7 days')::date LOOP
            child := parent || '_' || to_char(week, 'YYYYMMDD');
            IF to_regclass('push.' || child) IS NULL THEN
                EXECUTE format('CREATE TABLE push.%I PARTITION OF push.%I FOR VALUES FROM (%L) TO (%L)', child, parent, week, week + 7);
                created := created + 1;
            END IF;
        END LOOP;
    END LOOP;
    RETURN created;
END $$;

COMMENT ON FUNCTION push.create_partitions(from_day date, until_day date) IS 'Makes the weekly partitions that cover the days; returns how many were new.';

CREATE FUNCTION push.cut_order(user_id bigint, salt bigint) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT hashint8extended(user_id, salt # 5577006791947779410)
$$;

COMMENT ON FUNCTION push.cut_order(user_id bigint, salt bigint) IS 'The order by which max_users is cut; the lowest stay.';

CREATE FUNCTION push.decide(run_id bigint, bucket smallint, first_position integer, last_position integer, zones smallint[], moment timestamp with time zone, moment_reason smallint, is_exempt boolean, is_deferring boolean, consent_bit smallint, language_by_id smallint[], quiet_by_zone boolean[], ledger_from timestamp with time zone, ledger_until timestamp with time zone, edges timestamp with time zone[], weights double precision[], watched_tags text[], margins bigint[], full_when_empty integer, only_users bigint[], slot_from timestamp with time zone[], slot_until timestamp with time zone[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[], slot_maximum integer[], slot_reason smallint[], slot_rule smallint[], salt bigint, variant_shares integer[], control_share integer, slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[], project_zone text, quiet_from time without time zone, quiet_until time without time zone, step interval, deadline timestamp with time zone, later_until timestamp with time zone, is_careful boolean, is_first_pass boolean) RETURNS TABLE(user_id bigint, place integer, reason smallint, rule_no smallint, variant smallint, language_index smallint, not_before timestamp with time zone)
    LANGUAGE sql STABLE
    AS $$
    SELECT d.user_id, d.place, d.reason, d.rule_no, d.variant, d.language_index, moment
    FROM push.decide_at_once(
        false, run_id, bucket, first_position, last_position, zones, moment, moment_reason, is_exempt, is_deferring,
        consent_bit, language_by_id, quiet_by_zone, ledger_from, ledger_until, edges, weights, watched_tags, margins, full_when_empty, only_users, slot_from, slot_until, slot_class,
        slot_tag, slot_counts_uncounted, slot_maximum, slot_reason, slot_rule, salt, variant_shares, control_share
    ) AS d
    WHERE NOT is_careful
    UNION ALL
    SELECT d.user_id, d.place, d.reason, d.rule_no, CASE WHEN d.reason = 0 THEN d.variant ELSE 0::smallint END, CASE WHEN d.reason = 0 THEN d.language_index ELSE 0::smallint END,
        CASE WHEN d.reason = 0 THEN d.not_before ELSE moment END
    FROM push.decide_carefully(
        run_id, bucket, first_position, last_position, zones, moment, moment_reason, is_exempt, is_deferring,
        consent_bit, language_by_id, quiet_by_zone, ledger_from, ledger_until, edges, weights, watched_tags, margins, full_when_empty, only_users, slot_from, slot_until, slot_class,
        slot_tag, slot_counts_uncounted, slot_maximum, slot_reason, slot_rule, salt, variant_shares, control_share,
        slot_kind, slot_length, slot_unit, slot_week_start, project_zone, quiet_from, quiet_until, step, deadline,
        later_until
    ) AS d
    WHERE is_careful
    UNION ALL
    SELECT unnest(b.excluded), NULL, 1::smallint, 0::smallint, 0::smallint, 0::smallint, moment
    FROM push.audience_block AS b
    WHERE is_first_pass AND b.run_id = decide.run_id AND b.bucket = decide.bucket
    UNION ALL
    SELECT unnest(b.over_max), NULL, 2::smallint, 0::smallint, 0::smallint, 0::smallint, moment
    FROM push.audience_block AS b
    WHERE is_first_pass AND b.run_id = decide.run_id AND b.bucket = decide.bucket
$$;

CREATE FUNCTION push.decide_at_once(is_careful boolean, run_id bigint, bucket smallint, first_position integer, last_position integer, zones smallint[], moment timestamp with time zone, moment_reason smallint, is_exempt boolean, is_deferring boolean, consent_bit smallint, language_by_id smallint[], quiet_by_zone boolean[], ledger_from timestamp with time zone, ledger_until timestamp with time zone, edges timestamp with time zone[], weights double precision[], watched_tags text[], margins bigint[], full_when_empty integer, only_users bigint[], slot_from timestamp with time zone[], slot_until timestamp with time zone[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[], slot_maximum integer[], slot_reason smallint[], slot_rule smallint[], salt bigint, variant_shares integer[], control_share integer) RETURNS TABLE(user_id bigint, place integer, zone_id smallint, weekly_limit smallint, reason smallint, rule_no smallint, variant smallint, language_index smallint, needs_care boolean)
    LANGUAGE sql STABLE
    AS $$
    SELECT
        d.user_id,
        d.place,
        d.zone_id,
        d.weekly_limit,
        (CASE WHEN d.stop > 100 THEN slot_reason[d.stop - 100] ELSE d.stop END)::smallint AS reason,
        (CASE WHEN d.stop > 100 THEN slot_rule[d.stop - 100] ELSE 0 END)::smallint AS rule_no,
        CASE WHEN d.stop = 0 OR is_careful THEN push.variant_of(d.user_id, salt, variant_shares) ELSE 0::smallint END AS variant,
        CASE WHEN d.stop = 0 OR is_careful THEN d.language_index ELSE 0::smallint END AS language_index,
        (d.stop = 0 OR d.stop > 10) AND (d.has_later OR (is_deferring AND d.stop NOT IN (0, 16))) AS needs_care
    FROM (
        SELECT
            a.user_id,
            a.place,
            r.zone_id,
            r.weekly_limit,
            language_by_id[r.language_id + 1] AS language_index,
            c.has_later,
            CASE
                WHEN r.user_id IS NULL THEN 3
                WHEN r.is_erased THEN 4
                WHEN r.consents & consent_bit = 0 THEN 5
                WHEN NOT r.is_reachable THEN 6
                WHEN r.is_control AND NOT is_exempt THEN 7
                WHEN language_by_id[r.language_id + 1] IS NULL THEN 8
                WHEN moment_reason > 0 THEN moment_reason
                WHEN quiet_by_zone[r.zone_id + 1] THEN 11
                WHEN coalesce(c.full_slot, full_when_empty) = 1 THEN 101
                WHEN coalesce(c.own_count, 0) >= r.weekly_limit AND slot_maximum[2] IS NOT NULL THEN 102
                WHEN coalesce(c.full_slot, full_when_empty) > 0 THEN 100 + coalesce(c.full_slot, full_when_empty)
                WHEN push.is_in_campaign_control(a.user_id, salt, control_share) THEN 16
                ELSE 0
            END AS stop,
            zones IS NULL OR coalesce(r.zone_id, 0::smallint) = ANY(zones) AS is_here
        FROM (
            SELECT
                unnest(b.users[first_position:last_position]) AS user_id,
                generate_series(first_position, least(last_position, cardinality(b.users))) AS place
            FROM push.audience_block AS b
            WHERE b.run_id = decide_at_once.run_id AND b.bucket = decide_at_once.bucket
        ) AS a
        LEFT JOIN push.recipient AS r
            ON r.bucket = decide_at_once.bucket AND r.bucket + 0 = decide_at_once.bucket AND a.user_id = r.user_id
        LEFT JOIN push.count_pushes(
            decide_at_once.bucket, ledger_from, ledger_until, edges, weights, watched_tags, margins, slot_from, slot_until, slot_class, slot_tag,
            slot_counts_uncounted, slot_maximum, moment, is_careful, only_users
        ) AS c
            ON a.user_id = c.user_id
        OFFSET 0
    ) AS d
    WHERE d.is_here
$$;

CREATE FUNCTION push.decide_carefully(run_id bigint, bucket smallint, first_position integer, last_position integer, zones smallint[], moment timestamp with time zone, moment_reason smallint, is_exempt boolean, is_deferring boolean, consent_bit smallint, language_by_id smallint[], quiet_by_zone boolean[], ledger_from timestamp with time zone, ledger_until timestamp with time zone, edges timestamp with time zone[], weights double precision[], watched_tags text[], margins bigint[], full_when_empty integer, only_users bigint[], slot_from timestamp with time zone[], slot_until timestamp with time zone[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[], slot_maximum integer[], slot_reason smallint[], slot_rule smallint[], salt bigint, variant_shares integer[], control_share integer, slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[], project_zone text, quiet_from time without time zone, quiet_until time without time zone, step interval, deadline timestamp with time zone, later_until timestamp with time zone) RETURNS TABLE(user_id bigint, place integer, reason smallint, rule_no smallint, variant smallint, language_index smallint, not_before timestamp with time zone)
    LANGUAGE sql STABLE
    AS $$
    WITH once AS MATERIALIZED (
        SELECT *
        FROM push.decide_at_once(
            true, run_id, bucket, first_position, last_position, zones, moment, moment_reason, is_exempt, is_deferring,
            consent_bit, language_by_id, quiet_by_zone, ledger_from, ledger_until, edges, weights, watched_tags, margins, full_when_empty, only_users, slot_from, slot_until, slot_class,
            slot_tag, slot_counts_uncounted, slot_maximum, slot_reason, slot_rule, salt, variant_shares, control_share
        )
    ),
    history AS (
        SELECT
            p.user_id,
            array_agg(p.not_before ORDER BY p.not_before) AS push_times,
            array_agg(p.slots ORDER BY p.not_before) AS push_slots
        FROM (
            SELECT
                unnest(w.users) AS user_id,
                w.not_before,
                w.slots
            FROM (
                SELECT
                    b.users,
                    b.not_before,
                    push.slots_of(b.class, b.tags, b.is_counted, slot_class, slot_tag, slot_counts_uncounted, slot_maximum) AS slots
                FROM push.send_batch AS b
                WHERE b.bucket = decide_carefully.bucket
                    AND b.holds_slots
                    AND b.not_before >= ledger_from
                    AND b.not_before < later_until
                    AND (only_users IS NULL OR cardinality(only_users) > 4 OR b.users && only_users)
                OFFSET 0
            ) AS w
        ) AS p
        WHERE (only_users IS NULL OR p.user_id IN (SELECT f.user_id FROM unnest(only_users) AS f (user_id)))
            AND p.user_id IN (SELECT o.user_id FROM once AS o WHERE o.needs_care)
        GROUP BY p.user_id
    )
    SELECT
        o.user_id,
        o.place,
        (CASE
            WHEN NOT coalesce(o.needs_care, false) THEN o.reason
            WHEN j.open_moment IS NOT NULL
                THEN CASE WHEN push.is_in_campaign_control(o.user_id, salt, control_share) THEN 16 ELSE 0 END
            WHEN j.stopper = -1 THEN 11
            ELSE slot_reason[j.stopper]
        END)::smallint AS reason,
        (CASE
            WHEN NOT coalesce(o.needs_care, false) THEN o.rule_no
            WHEN j.open_moment IS NULL AND j.stopper > 0 THEN slot_rule[j.stopper]
            ELSE 0
        END)::smallint AS rule_no,
        o.variant,
        o.language_index,
        coalesce(j.open_moment, moment) AS not_before
    FROM once AS o
    LEFT JOIN history AS h
        ON o.needs_care AND o.user_id = h.user_id
    LEFT JOIN push.zone AS z
        ON o.needs_care AND o.zone_id = z.zone_id AND z.zone_id > 0
    LEFT JOIN LATERAL (
        SELECT m.*
        FROM push.first_open_moment(
            moment, deadline, is_deferring, step, coalesce(z.name, project_zone), project_zone, quiet_from, quiet_until,
            coalesce(h.push_times, '{}'), coalesce(h.push_slots, '{}'), slot_kind, slot_length, slot_unit, slot_week_start,
            CASE WHEN slot_maximum[2] IS NULL THEN slot_maximum ELSE slot_maximum[1:1] || o.weekly_limit::integer || slot_maximum[3:19] END
        ) AS m
        WHERE o.needs_care
    ) AS j
        ON true
$$;

CREATE FUNCTION push.drop_oldest_partition(moment timestamp with time zone) RETURNS text
    LANGUAGE plpgsql
    SET lock_timeout TO '5s'
    AS $_$
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
END $_$;

CREATE TABLE push.audit_log (
    audit_id bigint NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    who text NOT NULL,
    what text NOT NULL,
    source_kind push.source_kind,
    source_id bigint,
    run_id bigint,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL
);

COMMENT ON TABLE push.audit_log IS 'Who did what: approvals, cancels, pauses, erasures, holds.';

CREATE FUNCTION push.dry_run_of(dag_id text, dag_run_id text) RETURNS TABLE(counted_at timestamp with time zone, counted jsonb)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT a.happened_at,
     (a.detail -> 'counted'::text)
    FROM push.audit_log a
   WHERE ((a.what = 'dry_run'::text) AND ((a.detail ->> 'dag_id'::text) = dry_run_of.dag_id) AND ((a.detail ->> 'dag_run_id'::text) = dry_run_of.dag_run_id))
   ORDER BY a.audit_id DESC
  LIMIT 1;
END;

CREATE FUNCTION push.ended_answers(positions smallint[], outcomes smallint[], reasons text[], installation_ids text[], states smallint[]) RETURNS TABLE(push_position smallint, installation_id text, outcome smallint, reason text)
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT DISTINCT ON (a.position, coalesce(a.installation_id, ''))
        a.position, coalesce(a.installation_id, ''), a.outcome, coalesce(a.reason, '')
    FROM unnest(positions, outcomes, reasons, installation_ids) AS a (position, outcome, reason, installation_id)
    WHERE a.outcome >= 2 AND states[a.position] NOT IN (6, 7)
    ORDER BY a.position, coalesce(a.installation_id, ''), push.rank_outcome(a.outcome)
$$;

CREATE FUNCTION push.expected_recipients(user_ids bigint[], at timestamp with time zone) RETURNS TABLE(bucket smallint, zone_id smallint, language_id smallint, consents smallint, weekly_limit smallint, user_id bigint, is_reachable boolean, is_control boolean, is_erased boolean)
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT
        push.bucket_of(p.user_id),
        coalesce(z.zone_id, 0::smallint),
        coalesce(own.language_id, base.language_id, 0::smallint),
        ((CASE WHEN marketing.is_granted THEN 1 ELSE 0 END) | (CASE WHEN service.is_granted THEN 2 ELSE 0 END))::smallint,
        p.weekly_limit,
        p.user_id,
        EXISTS (SELECT FROM push.installation AS i WHERE i.user_id = p.user_id AND i.is_active),
        EXISTS (
            SELECT FROM push.control_member AS m
            WHERE m.user_id = p.user_id AND m.member_since <= at AND (m.member_until IS NULL OR m.member_until > at)
        ),
        p.is_erased
    FROM push.person AS p
    LEFT JOIN push.zone AS z ON p.zone = z.name AND z.zone_id > 0
    LEFT JOIN push.language AS own ON push.normal_locale(p.language) = own.locale
    LEFT JOIN push.language AS base ON split_part(push.normal_locale(p.language), '-', 1) = base.locale
    LEFT JOIN LATERAL (
        SELECT c.is_granted FROM push.consent AS c
        WHERE c.user_id = p.user_id AND c.purpose = 'marketing' AND c.changed_at <= at
        ORDER BY c.changed_at DESC LIMIT 1
    ) AS marketing ON true
    LEFT JOIN LATERAL (
        SELECT c.is_granted FROM push.consent AS c
        WHERE c.user_id = p.user_id AND c.purpose = 'service' AND c.changed_at <= at
        ORDER BY c.changed_at DESC LIMIT 1
    ) AS service ON true
    WHERE user_ids IS NULL OR p.user_id = ANY(user_ids)
$$;

COMMENT ON FUNCTION push.expected_recipients(user_ids bigint[], at timestamp with time zone) IS 'What recipient must say of these users (null: of everybody); checks compare it with what it says.';

CREATE FUNCTION push.favour_pass(is_small boolean) RETURNS text
    LANGUAGE sql
    AS $$
    SELECT concat_ws(
        ', ',
        set_config('enable_nestloop', CASE WHEN is_small THEN 'on' ELSE 'off' END, true),
        set_config('enable_hashjoin', CASE WHEN is_small THEN 'off' ELSE 'on' END, true),
        set_config('enable_mergejoin', 'off', true),
        set_config('enable_sort', CASE WHEN is_small THEN 'on' ELSE 'off' END, true),
        set_config('plan_cache_mode', 'force_generic_plan', true),
        set_config('synchronous_commit', 'off', true)
    )
$$;

CREATE FUNCTION push.fields_at(fields text[], places integer[]) RETURNS text[]
    LANGUAGE plpgsql IMMUTABLE STRICT
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    RETURN (SELECT array_agg(fields[p.place]) FROM (SELECT unnest(places) AS place) AS p);
END $$;

CREATE FUNCTION push.find_offer(team text, occasion_key text) RETURNS bigint
    LANGUAGE plpgsql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    found_run bigint := (
        SELECT r.run_id
        FROM push.offer AS o
        INNER JOIN push.run AS r ON r.source_kind = 'foreign' AND r.source_id = o.offer_id
        WHERE o.team = find_offer.team AND o.occasion_key = find_offer.occasion_key
    );
    complaint text := push.check_team(team, NULL);
BEGIN
    IF complaint IS NOT NULL THEN
        RAISE EXCEPTION '%', complaint USING ERRCODE = 'PQ003';
    END IF;
    IF found_run IS NULL THEN
        RAISE EXCEPTION 'Team % has offered nothing under "%".', team, occasion_key USING ERRCODE = 'PQ003';
    END IF;
    RETURN found_run;
END $$;

CREATE FUNCTION push.find_pinning_run(brief_id bigint, repeats boolean) RETURNS bigint
    LANGUAGE plpgsql
    SET lock_timeout TO '3s'
    AS $$
DECLARE
    open_statuses CONSTANT text[] := '{waiting,held,planning,set_aside}';
    pinning bigint;
BEGIN
    FOR attempt IN 1..2 LOOP
        SELECT r.run_id INTO pinning
        FROM push.run AS r
        WHERE r.source_kind = 'brief'
            AND r.source_id = find_pinning_run.brief_id
            AND (NOT find_pinning_run.repeats OR r.status = ANY(open_statuses))
            AND EXISTS (SELECT FROM push.run_bucket AS b WHERE b.run_id = r.run_id)
        ORDER BY r.run_id DESC
        LIMIT 1;
        EXIT WHEN pinning IS NOT NULL OR attempt = 2;
        BEGIN
            PERFORM FROM push.run AS r
            WHERE r.source_kind = 'brief' AND r.source_id = find_pinning_run.brief_id AND r.status = ANY(open_statuses)
            ORDER BY r.run_id
            FOR NO KEY UPDATE;
        EXCEPTION WHEN lock_not_available THEN
            SELECT max(r.run_id) INTO pinning
            FROM push.run AS r
            WHERE r.source_kind = 'brief' AND r.source_id = find_pinning_run.brief_id AND r.status = ANY(open_statuses);
            EXIT;
        END;
    END LOOP;
    RETURN pinning;
END $$;

CREATE FUNCTION push.finish(batch_id bigint, fence integer, positions smallint[], outcomes smallint[], reasons text[] DEFAULT NULL::text[], installation_ids text[] DEFAULT NULL::text[], at timestamp with time zone DEFAULT NULL::timestamp with time zone, OUT changed integer, OUT is_done boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    moment timestamptz := push.queue_moment(at);
    batch push.send_batch := push.lock_batch(finish.batch_id, finish.fence);
    states_before smallint[] := coalesce(batch.states, array_fill(0::smallint, ARRAY[batch.user_count]));
    states_after smallint[];
    open_positions smallint[];
    is_cancelled boolean := EXISTS (SELECT FROM push.run AS r WHERE r.run_id = batch.run_id AND r.status = 'cancelled');
    wrong smallint;
BEGIN
    IF cardinality(positions) <> cardinality(outcomes)
        OR cardinality(coalesce(reasons, array_fill(''::text, ARRAY[cardinality(positions)]))) <> cardinality(positions)
        OR cardinality(coalesce(installation_ids, array_fill(''::text, ARRAY[cardinality(positions)]))) <> cardinality(positions)
    THEN
        RAISE EXCEPTION 'Batch %: give as many outcomes, reasons and installations as positions.', finish.batch_id USING ERRCODE = 'PQ002';
    END IF;
    SELECT min(a.position) INTO wrong
    FROM unnest(positions, outcomes) AS a (position, outcome)
    WHERE push.rank_outcome(a.outcome) IS NULL OR a.position NOT BETWEEN 1 AND batch.user_count OR a.position IS NULL;
    IF wrong IS NOT NULL OR array_position(positions, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'Batch %, position %: positions go from 1 to %, outcomes from 0 to 5.', finish.batch_id, wrong, batch.user_count
            USING ERRCODE = 'PQ002';
    END IF;
    SELECT min(a.position) INTO wrong
    FROM unnest(positions, outcomes) AS a (position, outcome)
    WHERE a.outcome <> 5 AND states_before[a.position] IN (0, 6, 7);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'Batch %, position %: it was not begun. Call begin and send only what it returns.', finish.batch_id, wrong
            USING ERRCODE = 'PQ002';
    END IF;

    SELECT coalesce(array_agg(a.position), '{}') INTO open_positions
    FROM unnest(positions, outcomes) AS a (position, outcome)
    WHERE a.outcome < 2 AND states_before[a.position] = 1;

    WITH answer AS (
        SELECT a.position, a.outcome
        FROM unnest(positions, outcomes) AS a (position, outcome)
        WHERE a.outcome >= 2 OR a.position = ANY(open_positions)
        UNION ALL
        SELECT o.position, o.outcome
        FROM push.outcome AS o
        WHERE o.run_day = batch.run_day AND o.batch_id = batch.batch_id AND o.position = ANY(positions)
            AND (o.attempt = batch.fence OR o.position <> ALL(open_positions))
    ),
    best AS (
        SELECT a.position, min(push.rank_outcome(a.outcome)) AS rank
        FROM answer AS a
        GROUP BY a.position
    )
    SELECT
        array_agg(
            CASE
                WHEN s.state IN (6, 7) THEN s.state
                WHEN b.rank = 4 AND is_cancelled THEN 7
                ELSE coalesce((ARRAY[2, 4, 1, 0, 3, 5])[b.rank], s.state)
            END::smallint
            ORDER BY s.position
        ),
        count(*) FILTER (WHERE s.state NOT IN (6, 7) AND b.rank <> push.rank_outcome(s.state))
    INTO states_after, changed
    FROM unnest(states_before) WITH ORDINALITY AS s (state, position)
    LEFT JOIN best AS b ON b.position = s.position;

    IF EXISTS (SELECT FROM push.outcome AS o WHERE o.run_day = batch.run_day AND o.batch_id = batch.batch_id AND o.attempt = batch.fence)
    THEN
        INSERT INTO push.outcome AS o (run_day, batch_id, position, installation_id, attempt, outcome, reason, ended_at)
        SELECT
            batch.run_day, batch.batch_id, e.push_position, e.installation_id, batch.fence, e.outcome, e.reason, moment
        FROM push.ended_answers(positions, outcomes, reasons, installation_ids, states_before) AS e
        ON CONFLICT (run_day, batch_id, position, installation_id, attempt) DO UPDATE
        SET outcome = excluded.outcome, reason = excluded.reason, ended_at = excluded.ended_at
        WHERE push.rank_outcome(excluded.outcome) < push.rank_outcome(o.outcome);
    ELSE
        INSERT INTO push.outcome (run_day, batch_id, position, installation_id, attempt, outcome, reason, ended_at)
        SELECT
            batch.run_day, batch.batch_id, e.push_position, e.installation_id, batch.fence, e.outcome, e.reason, moment
        FROM push.ended_answers(positions, outcomes, reasons, installation_ids, states_before) AS e;
    END IF;

    is_done := batch.status <> 'claimed' OR NOT (0 = ANY(states_after) OR 1 = ANY(states_after));
    IF changed > 0 THEN
        UPDATE push.send_batch AS b
        SET
            states = states_after,
            status = CASE WHEN b.status = 'claimed' AND is_done THEN 'done' ELSE b.status END,
            lease_until = CASE WHEN is_done THEN NULL ELSE b.lease_until END,
            done_at = CASE WHEN is_done THEN coalesce(b.done_at, moment) END
        WHERE b.run_day = batch.run_day AND b.batch_id = batch.batch_id;
    END IF;
END $$;

CREATE FUNCTION push.first_full_slot(packed_1 double precision, packed_2 double precision, packed_3 double precision, slot_maximum integer[]) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE
        WHEN (coalesce(packed_1, 0)::bigint & 8191) >= slot_maximum[1] THEN 1
        WHEN (coalesce(packed_1, 0)::bigint >> 26 & 8191) >= slot_maximum[3] THEN 3
        WHEN (coalesce(packed_1, 0)::bigint >> 39 & 8191) >= slot_maximum[4] THEN 4
        WHEN (coalesce(packed_2, 0)::bigint & 8191) >= slot_maximum[5] THEN 5
        WHEN (coalesce(packed_2, 0)::bigint >> 13 & 8191) >= slot_maximum[6] THEN 6
        WHEN (coalesce(packed_2, 0)::bigint >> 26 & 8191) >= slot_maximum[7] THEN 7
        WHEN (coalesce(packed_2, 0)::bigint >> 39 & 8191) >= slot_maximum[8] THEN 8
        WHEN (coalesce(packed_3, 0)::bigint & 8191) >= slot_maximum[9] THEN 9
        WHEN (coalesce(packed_3, 0)::bigint >> 13 & 8191) >= slot_maximum[10] THEN 10
        WHEN (coalesce(packed_3, 0)::bigint >> 26 & 8191) >= slot_maximum[11] THEN 11
        WHEN (coalesce(packed_3, 0)::bigint >> 39 & 8191) >= slot_maximum[12] THEN 12
        ELSE 0
    END
$$;

CREATE FUNCTION push.first_open_moment(moment timestamp with time zone, deadline timestamp with time zone, is_deferring boolean, step interval, zone_name text, project_zone text, quiet_from time without time zone, quiet_until time without time zone, push_times timestamp with time zone[], push_slots bigint[], slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[], slot_maximum integer[], OUT open_moment timestamp with time zone, OUT stopper smallint) RETURNS record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
DECLARE
    tried timestamptz := moment;
    next_moment timestamptz;
    stop_end timestamptz;
    first_stopper smallint;
    counted timestamptz[];
BEGIN
    FOR attempt IN 0..8 LOOP
        EXIT WHEN tried >= deadline;
        next_moment := push.quiet_until(tried, zone_name, quiet_from, quiet_until);
        IF attempt = 0 AND next_moment IS NOT NULL THEN
            first_stopper := -1;
        END IF;
        FOR slot IN 1..coalesce(cardinality(slot_kind), 0) LOOP
            CONTINUE WHEN slot_maximum[slot] IS NULL OR cardinality(push_times) < slot_maximum[slot];
            counted := '{}';
            FOR nth IN 1..cardinality(push_times) LOOP
                IF push_slots[nth] & (1::bigint << (slot - 1)) <> 0 THEN
                    counted := counted || push_times[nth];
                END IF;
            END LOOP;
            CONTINUE WHEN cardinality(counted) < slot_maximum[slot];
            stop_end := push.stopped_until(
                tried, counted, slot_kind[slot], slot_length[slot], slot_unit[slot], slot_week_start[slot],
                CASE WHEN slot_kind[slot] = 'calendar_user' THEN zone_name ELSE project_zone END, slot_maximum[slot]
            );
            CONTINUE WHEN stop_end IS NULL;
            IF attempt = 0 THEN
                first_stopper := coalesce(first_stopper, slot::smallint);
            END IF;
            next_moment := greatest(next_moment, stop_end);
        END LOOP;
        IF next_moment IS NULL THEN
            open_moment := tried;
            stopper := 0;
            RETURN;
        END IF;
        EXIT WHEN NOT is_deferring OR next_moment = 'infinity';
        tried := push.round_up_moment(next_moment, step);
    END LOOP;
    open_moment := NULL;
    stopper := coalesce(first_stopper, 0);
END $$;

CREATE FUNCTION push.follow_runs(over_ids bigint[], over_versions integer[]) RETURNS TABLE(brief_id bigint, status text)
    LANGUAGE sql STABLE
    AS $$
    SELECT
        b.brief_id,
        CASE
            WHEN (b.repeat IS NULL OR EXISTS (
                SELECT
                FROM unnest(follow_runs.over_ids, follow_runs.over_versions) AS o (brief_id, version)
                WHERE o.brief_id = b.brief_id AND o.version = b.version
            ))
                AND bool_or(r.status IN ('planned', 'cancelled', 'expired'))
                AND NOT bool_or(r.status IN ('waiting', 'held', 'planning', 'set_aside'))
                AND NOT bool_or(EXISTS (
                    SELECT
                    FROM push.send_batch AS q
                    WHERE q.run_id = r.run_id AND q.status IN ('waiting', 'claimed')
                )) THEN 'sent'
            WHEN bool_or(r.status = 'planning' OR (r.status = 'planned' AND (b.repeat IS NULL OR EXISTS (
                SELECT
                FROM push.send_batch AS q
                WHERE q.run_id = r.run_id AND q.status IN ('waiting', 'claimed')
            )))) THEN 'sending'
            ELSE 'scheduled'
        END
    FROM push.approved_brief AS b
    LEFT JOIN push.run AS r
        ON r.source_kind = 'brief' AND b.brief_id = r.source_id
    GROUP BY b.brief_id, b.version, b.repeat
$$;

CREATE TABLE push.run (
    run_id bigint NOT NULL,
    source_kind push.source_kind NOT NULL,
    source_id bigint NOT NULL,
    occasion timestamp with time zone NOT NULL,
    run_day date GENERATED ALWAYS AS (((occasion AT TIME ZONE 'UTC'::text))::date) STORED NOT NULL,
    version integer NOT NULL,
    content_hash text NOT NULL,
    title text NOT NULL,
    status text DEFAULT 'waiting'::text NOT NULL,
    status_note text DEFAULT ''::text NOT NULL,
    class push.class NOT NULL,
    lane push.lane NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    is_counted boolean NOT NULL,
    priority smallint DEFAULT 5 NOT NULL,
    limit_mode text DEFAULT 'drop'::text NOT NULL,
    local_time timestamp without time zone,
    due_at timestamp with time zone NOT NULL,
    ttl interval NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    control_share integer DEFAULT 0 NOT NULL,
    variant_shares integer[] DEFAULT '{10000}'::integer[] NOT NULL,
    salt bigint NOT NULL,
    max_users integer,
    throttle integer,
    resend_unknown boolean DEFAULT false NOT NULL,
    cool_down interval,
    audience_name text,
    audience_parameters jsonb DEFAULT '{}'::jsonb NOT NULL,
    exclusions jsonb DEFAULT '[]'::jsonb NOT NULL,
    sql_hash text,
    languages text[] DEFAULT '{}'::text[] NOT NULL,
    field_names text[] DEFAULT '{}'::text[] NOT NULL,
    reach_low integer,
    reach_high integer,
    reach integer,
    reach_approved_by text,
    wave_id bigint,
    snapshot_at timestamp with time zone,
    audience_rows bigint,
    audience_users integer,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    closed_at timestamp with time zone,
    CONSTRAINT control_share_is_basis_points CHECK (((control_share >= 0) AND (control_share <= 10000))),
    CONSTRAINT lane_follows_class CHECK (((lane = 'marketing'::push.lane) = (class = 'marketing'::push.class))),
    CONSTRAINT limit_mode_is_known CHECK ((limit_mode = ANY (ARRAY['drop'::text, 'defer'::text]))),
    CONSTRAINT max_users_is_positive CHECK ((max_users > 0)),
    CONSTRAINT run_status_is_known CHECK ((status = ANY (ARRAY['waiting'::text, 'held'::text, 'planning'::text, 'planned'::text, 'set_aside'::text, 'cancelled'::text, 'expired'::text]))),
    CONSTRAINT throttle_is_positive CHECK ((throttle > 0)),
    CONSTRAINT transactional_is_not_counted CHECK (((class <> 'transactional'::push.class) OR (NOT is_counted))),
    CONSTRAINT variant_shares_end_at_whole CHECK ((variant_shares[cardinality(variant_shares)] = 10000))
);

COMMENT ON TABLE push.run IS 'Everything that a decision depends on, frozen; later edits of the brief make a new version and never change a run that began.';

COMMENT ON COLUMN push.run.occasion IS 'The planned slot; for a local_time run its wall clock read in the zone of the project.';

COMMENT ON COLUMN push.run.local_time IS 'Wall clock of each user, when the run follows the users'' own clocks.';

COMMENT ON COLUMN push.run.due_at IS 'From when it may be planned: the occasion, or when the first zone on earth reaches local_time.';

COMMENT ON COLUMN push.run.variant_shares IS 'Cumulative basis points, the last is 10000.';

COMMENT ON COLUMN push.run.salt IS 'Of the source, not of the run: a user keeps the variant when a brief repeats.';

COMMENT ON COLUMN push.run.throttle IS 'At most this many pushes a minute: the planner spreads not_before, claiming keeps to it.';

COMMENT ON COLUMN push.run.resend_unknown IS 'False: at most once, a push whose sender vanished ends as unknown. True: it is tried again, the user may see it twice.';

COMMENT ON COLUMN push.run.sql_hash IS 'sha256 over audience and exclusion SQL as approved.';

COMMENT ON COLUMN push.run.audience_rows IS 'Rows the audience SQL returned; more than audience_users when users came twice.';

COMMENT ON COLUMN push.run.closed_at IS 'Of a cancelled or expired run: since when no bucket is undone and no batch waits. Until then housekeeping goes on closing it.';

CREATE TABLE push.send_batch (
    run_day date NOT NULL,
    batch_id bigint NOT NULL,
    run_id bigint NOT NULL,
    not_before timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    leave_by timestamp with time zone NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    claimed_at timestamp with time zone,
    lease_until timestamp with time zone,
    done_at timestamp with time zone,
    fence integer DEFAULT 0 NOT NULL,
    user_count integer NOT NULL,
    class push.class NOT NULL,
    lane push.lane NOT NULL,
    bucket smallint NOT NULL,
    variant smallint NOT NULL,
    is_counted boolean NOT NULL,
    holds_slots boolean DEFAULT true NOT NULL,
    language text NOT NULL,
    status text DEFAULT 'waiting'::text NOT NULL,
    worker text,
    tags text[] NOT NULL,
    users bigint[] NOT NULL,
    states smallint[],
    state_counts integer[] GENERATED ALWAYS AS (push.count_states(states)) STORED,
    places integer[],
    CONSTRAINT batch_is_not_empty CHECK ((user_count > 0)),
    CONSTRAINT batch_leaves_in_time CHECK ((leave_by <= expires_at)),
    CONSTRAINT batch_states_match_users CHECK (((states IS NULL) OR (cardinality(states) = user_count))),
    CONSTRAINT batch_status_is_known CHECK ((status = ANY (ARRAY['waiting'::text, 'claimed'::text, 'done'::text, 'cancelled'::text, 'expired'::text]))),
    CONSTRAINT claimed_batch_has_a_lease CHECK (((status = 'claimed'::text) = (lease_until IS NOT NULL))),
    CONSTRAINT claimed_batch_keeps_its_slots CHECK ((holds_slots OR (claimed_at IS NULL)))
)
PARTITION BY RANGE (run_day);
ALTER TABLE ONLY push.send_batch ALTER COLUMN users SET STORAGE EXTERNAL;
ALTER TABLE ONLY push.send_batch ALTER COLUMN states SET STORAGE EXTERNAL;
ALTER TABLE ONLY push.send_batch ALTER COLUMN places SET STORAGE EXTERNAL;

COMMENT ON TABLE push.send_batch IS 'Up to 1,000 pushes of one run, bucket, variant, language and not_before. Nobody but the planner inserts; takers change it by the functions of the contract only.';

COMMENT ON COLUMN push.send_batch.batch_id IS 'Derived: run_id * 2^24 + bucket * 2^14 + number within the bucket.';

COMMENT ON COLUMN push.send_batch.leave_by IS 'The earlier of expires_at and not_before + late_by: not claimed later.';

COMMENT ON COLUMN push.send_batch.fence IS 'Grows with each claim and whenever a claim ends early; an answer with an older fence changes nothing.';

COMMENT ON COLUMN push.send_batch.holds_slots IS 'False once the whole batch was cancelled or expired without any claim ever: its slots are free again.';

COMMENT ON COLUMN push.send_batch.users IS 'One user a position (1-based); 0 where a person was erased.';

COMMENT ON COLUMN push.send_batch.states IS 'One state a position; null = all waiting. 0 waiting, 1 claimed (attempt begun), 2 accepted, 3 rejected, 4 unknown, 5 withheld, 6 expired, 7 cancelled.';

COMMENT ON COLUMN push.send_batch.state_counts IS 'Positions by state (element s + 1 counts state s), null while states is: the closed sum reads 8 numbers a batch, not 1,000.';

COMMENT ON COLUMN push.send_batch.places IS 'Where the fields of each user stand in audience_field.fields of the run and bucket (1-based), ascending; null for a run without fields.';

CREATE FUNCTION push.give_back(run_days date[], batch_ids bigint[], moment timestamp with time zone, reason text) RETURNS integer
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 WITH lost AS (
          SELECT b.run_day,
             b.batch_id,
             b.fence,
             b.states,
             (r.resend_unknown AND (r.status <> 'cancelled'::text) AND (b.leave_by > give_back.moment)) AS is_sent_again
            FROM (push.send_batch b
              JOIN push.run r ON ((r.run_id = b.run_id)))
           WHERE ((b.run_day = ANY (give_back.run_days)) AND (b.batch_id = ANY (give_back.batch_ids)) AND (b.status = 'claimed'::text))
         ), noted AS (
          INSERT INTO push.outcome (run_day, batch_id, "position", attempt, outcome, reason, ended_at)  SELECT l.run_day,
                     l.batch_id,
                     s."position",
                     l.fence,
                     4,
                     give_back.reason AS reason,
                     give_back.moment AS moment
                    FROM (lost l
                      CROSS JOIN LATERAL unnest(l.states) WITH ORDINALITY s(state, "position"))
                   WHERE (s.state = 1) ON CONFLICT DO NOTHING
         ), folded AS (
          SELECT l.run_day,
             l.batch_id,
             ( SELECT array_agg((
                         CASE
                             WHEN (s.state <> 1) THEN (s.state)::integer
                             WHEN l.is_sent_again THEN 0
                             ELSE 4
                         END)::smallint ORDER BY s."position") AS array_agg
                    FROM unnest(l.states) WITH ORDINALITY s(state, "position")) AS states
            FROM lost l
         ), given_back AS (
          UPDATE push.send_batch b SET states = f.states, fence = (b.fence + 1), worker = NULL::text, lease_until = NULL::timestamp with time zone, status =
                 CASE
                     WHEN ((f.states IS NULL) OR (0 = ANY (f.states))) THEN 'waiting'::text
                     ELSE 'done'::text
                 END, done_at =
                 CASE
                     WHEN (0 <> ALL (f.states)) THEN give_back.moment
                     ELSE NULL::timestamp with time zone
                 END
            FROM folded f
           WHERE ((b.run_day = ANY (give_back.run_days)) AND (b.batch_id = ANY (give_back.batch_ids)) AND (b.run_day = f.run_day) AND (b.batch_id = f.batch_id))
           RETURNING COALESCE(b.state_counts[1], b.user_count) AS waiting
         )
  SELECT (COALESCE(sum(g.waiting), (0)::bigint))::integer AS "coalesce"
    FROM given_back g;
END;

CREATE FUNCTION push.instant_of(local_time timestamp without time zone, zone_name text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
DECLARE
    as_utc timestamptz := local_time AT TIME ZONE 'UTC';
    offset_before interval := ((as_utc - interval '1 day') AT TIME ZONE zone_name) - ((as_utc - interval '1 day') AT TIME ZONE 'UTC');
    offset_after interval := ((as_utc + interval '1 day') AT TIME ZONE zone_name) - ((as_utc + interval '1 day') AT TIME ZONE 'UTC');
    first_candidate timestamptz := as_utc - greatest(offset_before, offset_after);
    second_candidate timestamptz := as_utc - least(offset_before, offset_after);
BEGIN
    IF first_candidate AT TIME ZONE zone_name = local_time THEN
        RETURN first_candidate;
    ELSIF second_candidate AT TIME ZONE zone_name = local_time THEN
        RETURN second_candidate;
    END IF;
    RETURN (
        SELECT min(minute)
        FROM generate_series(first_candidate, second_candidate, interval '1 minute') AS minute
        WHERE minute AT TIME ZONE zone_name > local_time
    );
END $$;

CREATE FUNCTION push.is_in_campaign_control(user_id bigint, salt bigint, control_share integer) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT push.share_of(user_id, salt # 7046029254386353131) < control_share
$$;

CREATE TABLE push.pause (
    pause_id bigint NOT NULL,
    scope text NOT NULL,
    lane push.lane,
    run_id bigint,
    paused_by text NOT NULL,
    paused_at timestamp with time zone NOT NULL,
    resumed_by text,
    resumed_at timestamp with time zone,
    CONSTRAINT pause_names_its_scope CHECK ((((scope = 'lane'::text) = (lane IS NOT NULL)) AND ((scope = 'run'::text) = (run_id IS NOT NULL)))),
    CONSTRAINT pause_scope_is_known CHECK ((scope = ANY (ARRAY['all'::text, 'lane'::text, 'run'::text])))
);

COMMENT ON TABLE push.pause IS 'What is paused: effective on the next claim and on begin.';

CREATE FUNCTION push.is_paused(lane push.lane, run_id bigint) RETURNS boolean
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT (EXISTS ( SELECT
            FROM push.pause p
           WHERE ((p.resumed_at IS NULL) AND ((p.scope = 'all'::text) OR (p.lane = is_paused.lane) OR (p.run_id = is_paused.run_id))))) AS "exists";
END;

CREATE FUNCTION push.let_team_offer(team text, role text, may_be_transactional boolean DEFAULT false) RETURNS void
    LANGUAGE sql
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 INSERT INTO push.offering_team AS t (team, role, may_be_transactional, since)
   VALUES (let_team_offer.team, let_team_offer.role, let_team_offer.may_be_transactional, clock_timestamp()) ON CONFLICT(team, role) DO UPDATE SET may_be_transactional = excluded.may_be_transactional;
END;

CREATE FUNCTION push.list_moments(occasion timestamp with time zone, local_time timestamp without time zone, at timestamp with time zone, expires_at timestamp with time zone, late_by interval, step interval, zone_ids smallint[], project_zone text, quiet_from time without time zone, quiet_until time without time zone, slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[], delay interval) RETURNS TABLE(moment timestamp with time zone, moment_reason smallint, zones smallint[], quiet_by_zone boolean[], slot_from timestamp with time zone[], slot_until timestamp with time zone[])
    LANGUAGE sql STABLE
    AS $$
    WITH zone_in_use AS (
        SELECT z.zone_id, CASE WHEN z.zone_id = 0 THEN project_zone ELSE z.name END AS name
        FROM push.zone AS z
        WHERE z.zone_id = ANY(zone_ids)
    ),
    zone_hour AS (
        SELECT
            z.*,
            CASE WHEN local_time IS NULL THEN occasion
                 ELSE push.round_up_moment(push.instant_of(local_time, z.name), step) END AS hour,
            CASE WHEN local_time IS NOT NULL
                 THEN push.round_up_moment(push.instant_of(local_time + interval '1 day', z.name), step) END AS next_hour
        FROM zone_in_use AS z
    ),
    zone_moment AS (
        SELECT
            h.zone_id,
            h.name,
            CASE
                WHEN h.next_hour IS NULL OR h.hour > at - late_by THEN greatest(h.hour, at)
                ELSE greatest(h.next_hour, at)
            END AS moment
        FROM zone_hour AS h
    ),
    judged AS (
        SELECT
            m.zone_id,
            m.name,
            CASE WHEN m.moment + delay < expires_at THEN m.moment + delay END AS moment,
            CASE WHEN m.moment >= expires_at THEN 10 WHEN m.moment + delay >= expires_at THEN 9 ELSE 0 END AS moment_reason,
            push.quiet_until(m.moment + delay, m.name, quiet_from, quiet_until) IS NOT NULL AS is_quiet,
            w.slot_from,
            w.slot_until
        FROM zone_moment AS m
        CROSS JOIN LATERAL (
            SELECT
                array_agg(b.starts_at ORDER BY s.slot) AS slot_from,
                array_agg(b.ends_at ORDER BY s.slot) AS slot_until
            FROM unnest(slot_kind, slot_length, slot_unit, slot_week_start) WITH ORDINALITY AS s (kind, length, unit, week_start, slot)
            CROSS JOIN LATERAL push.window_of(
                m.moment + delay, s.kind, s.length, s.unit, s.week_start, CASE WHEN s.kind = 'calendar_user' THEN m.name ELSE project_zone END
            ) AS b
        ) AS w
    )
    SELECT
        j.moment,
        j.moment_reason::smallint AS moment_reason,
        array_agg(j.zone_id ORDER BY j.zone_id) AS zones,
        (
            SELECT array_agg(coalesce(q.is_quiet, false) ORDER BY z.zone_id)
            FROM push.zone AS z
            LEFT JOIN judged AS q
                ON z.zone_id = q.zone_id
        ) AS quiet_by_zone,
        coalesce(j.slot_from, '{}') AS slot_from,
        coalesce(j.slot_until, '{}') AS slot_until
    FROM judged AS j
    GROUP BY j.moment, j.moment_reason, j.slot_from, j.slot_until
    ORDER BY j.moment
$$;

CREATE FUNCTION push.list_stopped_runs(moment timestamp with time zone) RETURNS bigint[]
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    BEGIN ATOMIC
 SELECT COALESCE(array_agg(s.run_id), '{}'::bigint[]) AS "coalesce"
    FROM ( SELECT p.run_id
            FROM push.pause p
           WHERE ((p.resumed_at IS NULL) AND (p.scope = 'run'::text))
         UNION ALL
          SELECT r.run_id
            FROM push.run r
           WHERE ((r.status = 'cancelled'::text) AND (r.expires_at > list_stopped_runs.moment))) s;
END;

CREATE TABLE push.approval (
    approval_id bigint NOT NULL,
    source_kind text NOT NULL,
    source_id bigint NOT NULL,
    version integer NOT NULL,
    content_hash text NOT NULL,
    approved_by text NOT NULL,
    approved_at timestamp with time zone NOT NULL,
    reach_expected integer NOT NULL,
    reach_low integer NOT NULL,
    reach_high integer NOT NULL,
    withdrawn_at timestamp with time zone,
    withdrawn_by text,
    CONSTRAINT approval_has_a_name CHECK ((btrim(approved_by) <> ''::text)),
    CONSTRAINT approval_source_is_known CHECK ((source_kind = ANY (ARRAY['brief'::text, 'trigger'::text]))),
    CONSTRAINT band_holds_expected_reach CHECK ((((reach_low >= 0) AND (reach_low <= reach_expected)) AND (reach_expected <= reach_high))),
    CONSTRAINT reach_is_not_negative CHECK ((reach_expected >= 0)),
    CONSTRAINT withdrawal_has_a_name CHECK (((withdrawn_at IS NULL) = (withdrawn_by IS NULL)))
);

COMMENT ON TABLE push.approval IS 'Somebody who did not write it said: send exactly this. Only a withdrawal changes the row, once.';

CREATE FUNCTION push.list_unapproved_runs(run_ids bigint[]) RETURNS bigint[]
    LANGUAGE sql STABLE
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    BEGIN ATOMIC
 SELECT COALESCE(array_agg(r.run_id), '{}'::bigint[]) AS "coalesce"
    FROM push.run r
   WHERE ((r.run_id = ANY (list_unapproved_runs.run_ids)) AND (r.source_kind <> 'foreign'::push.source_kind) AND
         CASE
             WHEN (EXISTS ( SELECT
                FROM push.approval a
               WHERE ((a.source_kind = (r.source_kind)::text) AND (a.source_id = r.source_id) AND (a.version = r.version) AND (a.withdrawn_at IS NULL)))) THEN false
             ELSE (EXISTS ( SELECT
                FROM push.approval a
               WHERE ((a.source_kind = (r.source_kind)::text) AND (a.source_id = r.source_id) AND (a.version = r.version))))
         END);
END;

CREATE TABLE push.brief_version (
    brief_id bigint NOT NULL,
    version integer NOT NULL,
    content jsonb NOT NULL,
    content_hash text NOT NULL,
    edited_by text[] NOT NULL,
    edited_at timestamp with time zone NOT NULL,
    CONSTRAINT brief_version_has_editors CHECK (((cardinality(edited_by) > 0) AND (array_position(edited_by, NULL::text) IS NULL) AND (array_position(edited_by, ''::text) IS NULL))),
    CONSTRAINT brief_version_is_positive CHECK ((version > 0))
);

COMMENT ON TABLE push.brief_version IS 'Every field that changes who gets what, when and how often, as one canonical JSON and its sha256.';

COMMENT ON COLUMN push.brief_version.edited_by IS 'Everybody who wrote since the last approved version: none of them may approve this one.';

CREATE TABLE push.trigger_rule_version (
    trigger_id bigint NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    class push.class DEFAULT 'trigger'::push.class NOT NULL,
    parameters jsonb DEFAULT '{}'::jsonb NOT NULL,
    cool_down interval NOT NULL,
    ttl interval NOT NULL,
    priority smallint DEFAULT 5 NOT NULL,
    limit_mode text DEFAULT 'drop'::text NOT NULL,
    control_share integer DEFAULT 0 NOT NULL,
    link text DEFAULT ''::text NOT NULL,
    utm_campaign text NOT NULL,
    texts jsonb NOT NULL,
    content_hash text NOT NULL,
    edited_by text[] NOT NULL,
    edited_at timestamp with time zone NOT NULL,
    CONSTRAINT trigger_travels_in_trigger_lane CHECK ((class <> 'marketing'::push.class))
);

COMMENT ON COLUMN push.trigger_rule_version.texts IS '{"ru": {"title": ..., "body": ...}, ...}: Liquid with the columns of the trigger SQL.';

CREATE FUNCTION push.list_writers(run_id bigint) RETURNS TABLE(name text)
    LANGUAGE sql STABLE
    BEGIN ATOMIC
 SELECT unnest(v.edited_by) AS unnest
    FROM (push.run r
      JOIN push.brief_version v ON (((v.brief_id = r.source_id) AND (v.version = r.version))))
   WHERE ((r.run_id = list_writers.run_id) AND (r.source_kind = 'brief'::push.source_kind))
 UNION
  SELECT unnest(v.edited_by) AS unnest
    FROM (push.run r
      JOIN push.trigger_rule_version v ON (((v.trigger_id = r.source_id) AND (v.version = r.version))))
   WHERE ((r.run_id = list_writers.run_id) AND (r.source_kind = 'trigger'::push.source_kind));
END;

CREATE FUNCTION push.lock_batch(batch_id bigint, fence integer) RETURNS push.send_batch
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
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

CREATE FUNCTION push.name_state(status text, state smallint) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN (COALESCE((state)::integer, 0) < 2) THEN status ELSE (ARRAY['accepted'::text, 'rejected'::text, 'unknown'::text, 'withheld'::text, 'expired'::text, 'cancelled'::text])[(state - 1)] END;

CREATE FUNCTION push.normal_locale(locale text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN "substring"(lower(replace(locale, '_'::text, '-'::text)), '^\s*([a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3})(?![a-z0-9])'::text);

COMMENT ON FUNCTION push.normal_locale(locale text) IS 'Lower case with hyphens; null when it does not begin like a language tag.';

CREATE FUNCTION push.offer(team text, occasion_key text, class push.class, lane push.lane, user_ids bigint[], content jsonb, not_before timestamp with time zone, expires_at timestamp with time zone, at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    SET "TimeZone" TO 'UTC'
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

CREATE FUNCTION push.offer_answer(team text, occasion_key text) RETURNS TABLE(decision text, sentence text, user_count bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    offered_run bigint := push.find_offer(team, occasion_key);
BEGIN
    RETURN QUERY
    SELECT c.decision, c.sentence, c.user_count
    FROM (
        SELECT 0 AS place, 'enqueued' AS decision, 'got a push enqueued' AS sentence, sum(m.enqueued_users) AS user_count
        FROM push.run_bucket AS m
        WHERE m.run_id = offered_run
        UNION ALL
        SELECT min(r.reason), r.code, r.sentence, sum(d.user_count)
        FROM push.decision_block AS d
        INNER JOIN push.reason AS r ON r.reason = d.reason
        WHERE d.run_id = offered_run
        GROUP BY r.code, r.sentence
        UNION ALL
        SELECT 1000, 'not_planned_yet', 'is still to be decided', sum(r.audience_users) - coalesce(
            (SELECT sum(m.audience_users) FROM push.run_bucket AS m WHERE m.run_id = offered_run), 0
        )
        FROM push.run AS r
        WHERE r.run_id = offered_run
    ) AS c
    WHERE c.user_count > 0
    ORDER BY c.place;
END $$;

CREATE FUNCTION push.offer_answer_users(team text, occasion_key text) RETURNS TABLE(user_id bigint, decision text, sentence text, push_id uuid, not_before timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    offered_run bigint := push.find_offer(team, occasion_key);
BEGIN
    RETURN QUERY
    SELECT d.user_id, d.decision, d.sentence, d.push_id, d.not_before
    FROM push.decision AS d
    WHERE d.run_id = offered_run AND d.user_id IS NOT NULL
    ORDER BY d.user_id;
END $$;

CREATE FUNCTION push.parse_moment(written text) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE STRICT
    AS $$
DECLARE
    moment timestamptz;
BEGIN
    moment := written::timestamptz;
    RETURN CASE WHEN isfinite(moment) THEN moment END;
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;

COMMENT ON FUNCTION push.parse_moment(written text) IS 'Null instead of an error: a row with an odd date is set aside, the others go on.';

CREATE FUNCTION push.pause(who text, lane push.lane DEFAULT NULL::push.lane, run_id bigint DEFAULT NULL::bigint, at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    moment timestamptz := push.queue_moment(at);
    scope text := CASE WHEN run_id IS NOT NULL THEN 'run' WHEN lane IS NOT NULL THEN 'lane' ELSE 'all' END;
BEGIN
    IF lane IS NOT NULL AND run_id IS NOT NULL THEN
        RAISE EXCEPTION 'Pause a lane or a run, not both at once.' USING ERRCODE = 'PQ002';
    ELSIF run_id IS NOT NULL AND NOT EXISTS (SELECT FROM push.run AS r WHERE r.run_id = pause.run_id) THEN
        RAISE EXCEPTION 'There is no run %.', run_id USING ERRCODE = 'PQ002';
    END IF;
    INSERT INTO push.pause (scope, lane, run_id, paused_by, paused_at)
    VALUES (scope, pause.lane, pause.run_id, who, moment)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO push.audit_log (happened_at, who, what, run_id, detail)
    VALUES (moment, pause.who, 'pause', pause.run_id, jsonb_build_object('scope', scope, 'lane', pause.lane));
    RETURN true;
END $$;

CREATE FUNCTION push.pick_due(lane push.lane, max_batches integer, moment timestamp with time zone, stopped_runs bigint[]) RETURNS TABLE(run_day date, batch_id bigint)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
#variable_conflict use_column
DECLARE
    throttled_runs bigint[];
    locked_runs bigint[];
BEGIN
    SELECT coalesce(array_agg(r.run_id ORDER BY r.run_id), '{}') INTO throttled_runs
    FROM push.run AS r
    WHERE r.throttle IS NOT NULL AND r.expires_at > moment AND r.lane = pick_due.lane AND r.run_id <> ALL(stopped_runs);

    IF throttled_runs <> '{}' THEN
        INSERT INTO push.run_throttle (run_id)
        SELECT r FROM unnest(throttled_runs) AS r
        WHERE NOT EXISTS (SELECT FROM push.run_throttle AS t WHERE t.run_id = r)
        ON CONFLICT DO NOTHING;
        SELECT array_agg(l.run_id) INTO locked_runs
        FROM (
            SELECT t.run_id FROM push.run_throttle AS t
            WHERE t.run_id = ANY(throttled_runs)
            ORDER BY t.run_id
            FOR UPDATE SKIP LOCKED
        ) AS l;
    END IF;

    IF locked_runs IS NULL THEN
        RETURN QUERY
        SELECT b.run_day, b.batch_id
        FROM push.send_batch AS b
        WHERE b.status = 'waiting'
            AND b.lane = pick_due.lane
            AND b.not_before <= moment
            AND b.leave_by > moment
            AND b.run_id <> ALL(stopped_runs)
            AND b.run_id <> ALL(throttled_runs)
        ORDER BY b.not_before, b.batch_id
        LIMIT max_batches
        FOR UPDATE SKIP LOCKED;
        RETURN;
    END IF;

    RETURN QUERY
    WITH free AS (
        SELECT b.run_day, b.batch_id, b.not_before
        FROM push.send_batch AS b
        WHERE b.status = 'waiting'
            AND b.lane = pick_due.lane
            AND b.not_before <= moment
            AND b.leave_by > moment
            AND b.run_id <> ALL(stopped_runs)
            AND b.run_id <> ALL(throttled_runs)
        ORDER BY b.not_before, b.batch_id
        LIMIT max_batches
        FOR UPDATE SKIP LOCKED
    ),
    room AS (
        SELECT
            t.run_id,
            r.throttle,
            coalesce((SELECT sum(c.pushes) FROM unnest(t.free_at, t.pushes) AS c (free_at, pushes) WHERE c.free_at > moment), 0) AS busy
        FROM push.run_throttle AS t
        INNER JOIN push.run AS r ON r.run_id = t.run_id
        WHERE t.run_id = ANY(locked_runs)
    ),
    throttled AS (
        SELECT
            b.run_id, b.run_day, b.batch_id, b.not_before, b.user_count,
            sum(b.user_count) OVER (PARTITION BY b.run_id ORDER BY b.not_before, b.batch_id) AS so_far
        FROM push.send_batch AS b
        WHERE b.status = 'waiting'
            AND b.run_id = ANY(locked_runs)
            AND b.not_before <= moment
            AND b.leave_by > moment
    ),
    picked AS (
        SELECT f.run_day, f.batch_id, f.not_before FROM free AS f
        UNION ALL
        SELECT w.run_day, w.batch_id, w.not_before
        FROM throttled AS w
        INNER JOIN room AS m ON m.run_id = w.run_id
        WHERE m.busy + w.so_far <= m.throttle OR (m.busy = 0 AND w.so_far = w.user_count)
    )
    SELECT p.run_day, p.batch_id FROM picked AS p ORDER BY p.not_before, p.batch_id LIMIT max_batches;
END $$;

CREATE FUNCTION push.push_id(run_id bigint, user_id bigint) RETURNS uuid
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (encode(SUBSTRING(sha256((int8send(run_id) || int8send(user_id))) FROM 1 FOR 16), 'hex'::text))::uuid;

CREATE FUNCTION push.queue_moment(at timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    IF at IS NULL THEN
        RETURN clock_timestamp();
    ELSIF push.writes_queue() OR session_user = 'pushline_page' THEN
        RETURN at;
    END IF;
    RAISE EXCEPTION 'Only the planner may name the moment: call the function without "at", then the clock of the server holds.'
        USING ERRCODE = 'PQ002';
END $$;

CREATE FUNCTION push.quiet_until(moment timestamp with time zone, zone_name text, quiet_from time without time zone, quiet_until time without time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
DECLARE
    local_now timestamp := moment AT TIME ZONE zone_name;
    local_day date := local_now::date;
    clock time := local_now::time;
    ends_at timestamptz;
BEGIN
    IF quiet_from IS NULL THEN
        RETURN NULL;
    ELSIF quiet_from < quiet_until THEN
        IF clock < quiet_from OR clock >= quiet_until THEN
            RETURN NULL;
        END IF;
    ELSIF clock >= quiet_from THEN
        local_day := local_day + 1;
    ELSIF clock >= quiet_until THEN
        RETURN NULL;
    END IF;
    ends_at := push.instant_of(local_day + quiet_until, zone_name);
    RETURN CASE WHEN ends_at > moment THEN ends_at ELSE (local_day + quiet_until) AT TIME ZONE zone_name END;
END $$;

CREATE FUNCTION push.rank_outcome(outcome smallint) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (ARRAY[4, 3, 1, 5, 2, 6])[(outcome + 1)];

CREATE FUNCTION push.reach_at(at timestamp with time zone) RETURNS TABLE(campaign_code text, state text, request_no integer, requested_by text, requested_at timestamp with time zone, is_silent boolean, buckets_done integer, buckets_total integer, fault_code text, fault text, as_of timestamp with time zone, planned_for timestamp with time zone, version integer, audience integer, will_get integer, parts jsonb, by_variant jsonb, by_language jsonb, takers jsonb, milliseconds integer, is_old boolean, is_changed boolean, is_overtaken boolean, is_fresh boolean)
    LANGUAGE sql STABLE
    AS $$
    SELECT
        e.campaign_code, e.state, e.request_no, e.requested_by, e.requested_at,
        e.state = 'running' AND e.beat_at < clock_timestamp() - interval '10 seconds',
        e.buckets_done, e.buckets_total, e.fault_code, e.fault, e.as_of, e.planned_for, e.version,
        e.audience, e.will_get, e.parts, e.by_variant, e.by_language, e.takers, e.milliseconds,
        s.is_old, s.is_changed, s.is_overtaken,
        coalesce(NOT (s.is_old OR s.is_changed OR s.is_overtaken), false)
    FROM push.reach_estimate AS e
    CROSS JOIN (
        SELECT max(greatest(w.planned_at, w.finished_at)) AS planned_at
        FROM push.wave AS w
        WHERE w.lane = 'marketing' AND EXISTS (SELECT FROM push.run AS r WHERE r.wave_id = w.wave_id)
    ) AS latest
    LEFT JOIN push.brief AS b ON e.campaign_code = b.campaign_code
    LEFT JOIN push.brief_version AS v ON b.brief_id = v.brief_id AND b.current_version = v.version
    CROSS JOIN LATERAL (
        SELECT
            e.as_of <= at - interval '15 minutes' AS is_old,
            e.content_hash IS DISTINCT FROM v.content_hash AS is_changed,
            coalesce(latest.planned_at >= e.as_of, false) AS is_overtaken
    ) AS s
$$;

CREATE FUNCTION push.rebucket(new_count integer, moment timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
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

CREATE FUNCTION push.rebucket_day(day date, old_count integer, new_count integer, moment timestamp with time zone) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    TRUNCATE moved_user, moved_push, moved_batch, moved_decision, moved_mark;

    INSERT INTO moved_user (run_id, old_bucket, kind, old_place, user_id, field, has_fields, bucket)
    SELECT
        a.run_id, a.bucket, k.kind, u.place, u.user_id, u.field, f.run_id IS NOT NULL,
        push.bucket_within(u.user_id, a.bucket, new_count)
    FROM push.run AS r
    INNER JOIN push.audience_block AS a ON r.run_id = a.run_id
    LEFT JOIN push.audience_field AS f ON a.run_id = f.run_id AND a.bucket = f.bucket
    CROSS JOIN LATERAL (
        VALUES (1::smallint, a.users, f.fields), (2::smallint, a.excluded, '{}'::text[]), (3::smallint, a.over_max, '{}'::text[])
    ) AS k (kind, users, fields)
    CROSS JOIN LATERAL unnest(k.users, k.fields) WITH ORDINALITY AS u (user_id, field, place)
    WHERE r.run_day = day AND u.user_id IS NOT NULL;
    UPDATE moved_user AS m
    SET place = p.place
    FROM (
        SELECT
            o.ctid AS row_id,
            row_number() OVER (PARTITION BY o.run_id, o.bucket, o.kind ORDER BY o.old_bucket, o.old_place) AS place
        FROM moved_user AS o
    ) AS p
    WHERE m.ctid = p.row_id;
    ANALYZE moved_user;

    INSERT INTO moved_push (run_id, batch_id, old_position, user_id, state, place, bucket, position)
    SELECT
        p.run_id, p.batch_id, p.old_position, p.user_id, p.state, coalesce(m.place, p.place), p.bucket,
        row_number() OVER (PARTITION BY p.batch_id, p.bucket ORDER BY p.old_position)
    FROM (
        SELECT
            b.run_id, b.batch_id, b.bucket AS old_bucket, u.old_position, u.user_id, u.state, u.place,
            push.bucket_within(u.user_id, b.bucket, new_count) AS bucket
        FROM push.send_batch AS b
        CROSS JOIN LATERAL unnest(b.users, b.states, b.places) WITH ORDINALITY AS u (user_id, state, place, old_position)
        WHERE b.run_day = day
    ) AS p
    LEFT JOIN moved_user AS m
        ON p.run_id = m.run_id AND p.old_bucket = m.old_bucket AND m.kind = 1 AND p.place = m.old_place;
    INSERT INTO moved_batch (batch_id, bucket, is_split, new_batch_id, number, users, states, places)
    SELECT
        p.batch_id, p.bucket, p.is_split,
        CASE WHEN p.is_split THEN p.run_id * 16777216 + p.bucket::bigint * 16384 + p.number ELSE p.batch_id END,
        p.number, p.users, p.states, p.places
    FROM (
        SELECT
            g.*,
            k.is_split,
            k.first_number + row_number() OVER (PARTITION BY g.run_id, g.bucket, k.is_split ORDER BY g.batch_id) - 1 AS number
        FROM (
            SELECT
                m.run_id, m.batch_id, m.bucket,
                array_agg(m.user_id ORDER BY m.position) AS users,
                array_agg(m.state ORDER BY m.position) AS states,
                array_agg(m.place ORDER BY m.position) AS places
            FROM moved_push AS m
            GROUP BY m.run_id, m.batch_id, m.bucket
        ) AS g
        INNER JOIN (
            SELECT
                m.batch_id,
                count(DISTINCT m.bucket) > 1 AS is_split,
                max(max(m.batch_id & 16383)) OVER (PARTITION BY m.run_id) + 1 AS first_number
            FROM moved_push AS m
            GROUP BY m.run_id, m.batch_id
        ) AS k ON g.batch_id = k.batch_id
    ) AS p;
    IF EXISTS (SELECT FROM moved_batch AS k WHERE k.is_split AND k.number > 16383) THEN
        RAISE EXCEPTION 'A run of % has more than 16,384 batches in a bucket: choose fewer buckets.', day;
    END IF;
    ANALYZE moved_push, moved_batch;

    INSERT INTO moved_mark (run_id, old_bucket, planned_at, policy_id, enqueued_users, more_audience, more_enqueued, more_batches)
    SELECT
        m.run_id, m.bucket, m.planned_at, m.policy_id, m.enqueued_users,
        m.audience_users - coalesce(
            cardinality(a.users) + cardinality(a.excluded) + cardinality(a.over_max), coalesce(b.users, 0) + coalesce(d.users, 0)
        ),
        m.enqueued_users - coalesce(b.users, 0),
        m.batch_count - coalesce(b.batches, 0)
    FROM push.run AS r
    INNER JOIN push.run_bucket AS m ON r.run_id = m.run_id
    LEFT JOIN push.audience_block AS a ON m.run_id = a.run_id AND m.bucket = a.bucket
    LEFT JOIN (
        SELECT s.run_id, s.bucket, sum(s.user_count) AS users, count(*) AS batches
        FROM push.send_batch AS s
        WHERE s.run_day = day
        GROUP BY s.run_id, s.bucket
    ) AS b ON m.run_id = b.run_id AND m.bucket = b.bucket
    LEFT JOIN (
        SELECT s.run_id, s.bucket, sum(s.user_count) AS users
        FROM push.run AS o
        INNER JOIN push.decision_block AS s ON o.run_id = s.run_id
        WHERE o.run_day = day
        GROUP BY s.run_id, s.bucket
    ) AS d ON m.run_id = d.run_id AND m.bucket = d.bucket
    WHERE r.run_day = day;

    DELETE FROM push.audience_field AS f USING push.run AS r WHERE r.run_day = day AND f.run_id = r.run_id;
    DELETE FROM push.audience_block AS a USING push.run AS r WHERE r.run_day = day AND a.run_id = r.run_id;
    INSERT INTO push.audience_block (run_id, bucket, users, excluded, over_max)
    SELECT
        m.run_id, m.bucket,
        coalesce(array_agg(m.user_id ORDER BY m.place) FILTER (WHERE m.kind = 1), '{}'),
        coalesce(array_agg(m.user_id ORDER BY m.place) FILTER (WHERE m.kind = 2), '{}'),
        coalesce(array_agg(m.user_id ORDER BY m.place) FILTER (WHERE m.kind = 3), '{}')
    FROM moved_user AS m
    GROUP BY m.run_id, m.bucket;
    INSERT INTO push.audience_field (run_id, bucket, fields)
    SELECT m.run_id, m.bucket, array_agg(m.field ORDER BY m.place)
    FROM moved_user AS m
    WHERE m.kind = 1
    GROUP BY m.run_id, m.bucket
    HAVING bool_or(m.has_fields);

    INSERT INTO moved_decision (run_id, bucket, reason, rule_no, users)
    SELECT u.run_id, u.bucket, u.reason, u.rule_no, array_agg(u.user_id ORDER BY u.old_bucket, u.place)
    FROM (
        SELECT
            d.run_id, d.bucket AS old_bucket, d.reason, d.rule_no, w.user_id, w.place,
            push.bucket_within(w.user_id, d.bucket, new_count) AS bucket
        FROM push.run AS r
        INNER JOIN push.decision_block AS d ON r.run_id = d.run_id
        CROSS JOIN LATERAL unnest(d.users) WITH ORDINALITY AS w (user_id, place)
        WHERE r.run_day = day
    ) AS u
    GROUP BY u.run_id, u.bucket, u.reason, u.rule_no;
    DELETE FROM push.decision_block AS d USING push.run AS r WHERE r.run_day = day AND d.run_id = r.run_id;
    INSERT INTO push.decision_block (run_id, bucket, reason, rule_no, user_count, users)
    SELECT m.run_id, m.bucket, m.reason, m.rule_no, cardinality(m.users), m.users
    FROM moved_decision AS m;

    INSERT INTO push.send_batch (
        run_day, batch_id, run_id, not_before, expires_at, leave_by, planned_at, claimed_at, lease_until, done_at, fence,
        user_count, class, lane, bucket, variant, is_counted, holds_slots, language, status, worker, tags, users, states, places
    )
    SELECT
        b.run_day, k.new_batch_id, b.run_id, b.not_before, b.expires_at, b.leave_by, b.planned_at, b.claimed_at, NULL,
        CASE WHEN b.status = 'waiting' AND 0 <> ALL(k.states) THEN moment ELSE b.done_at END, b.fence,
        cardinality(k.users), b.class, b.lane, k.bucket, b.variant, b.is_counted, b.holds_slots, b.language,
        CASE WHEN b.status = 'waiting' AND 0 <> ALL(k.states) THEN 'done' ELSE b.status END,
        b.worker, b.tags, k.users,
        CASE WHEN b.states IS NOT NULL THEN k.states END,
        CASE WHEN b.places IS NOT NULL THEN k.places END
    FROM moved_batch AS k
    INNER JOIN push.send_batch AS b ON b.run_day = day AND k.batch_id = b.batch_id
    WHERE k.is_split;
    DELETE FROM push.send_batch AS b USING moved_batch AS k WHERE b.run_day = day AND b.batch_id = k.batch_id AND k.is_split;
    UPDATE push.send_batch AS b
    SET bucket = k.bucket, places = CASE WHEN b.places IS NOT NULL THEN k.places END
    FROM moved_batch AS k
    WHERE b.run_day = day AND b.batch_id = k.batch_id AND NOT k.is_split AND (b.bucket <> k.bucket OR b.places IS DISTINCT FROM k.places);

    UPDATE push.outcome AS o
    SET batch_id = k.new_batch_id, position = p.position
    FROM moved_push AS p
    INNER JOIN moved_batch AS k ON p.batch_id = k.batch_id AND p.bucket = k.bucket
    WHERE k.is_split AND o.run_day = day AND o.batch_id = p.batch_id AND o.position = p.old_position;
    UPDATE push.receipt AS o
    SET batch_id = k.new_batch_id, position = p.position
    FROM moved_push AS p
    INNER JOIN moved_batch AS k ON p.batch_id = k.batch_id AND p.bucket = k.bucket
    WHERE k.is_split AND o.run_day = day AND o.batch_id = p.batch_id AND o.position = p.old_position;

    DELETE FROM push.run_bucket AS m USING push.run AS r WHERE r.run_day = day AND m.run_id = r.run_id;
    INSERT INTO push.run_bucket (run_id, bucket, planned_at, policy_id, audience_users, enqueued_users, batch_count)
    SELECT
        m.run_id, m.bucket, m.planned_at, m.policy_id,
        m.more_audience + coalesce(
            cardinality(a.users) + cardinality(a.excluded) + cardinality(a.over_max), coalesce(b.users, 0) + coalesce(d.users, 0)
        ),
        m.more_enqueued + coalesce(b.users, 0),
        m.more_batches + coalesce(b.batches, 0)
    FROM (
        SELECT
            o.run_id, n.bucket::smallint AS bucket,
            max(o.planned_at) AS planned_at,
            -- Judged by two policies (a run resumed after a change): no check may hold it against one of them.
            CASE WHEN count(DISTINCT o.policy_id) FILTER (WHERE o.enqueued_users > 0) <= 1
                THEN coalesce(max(o.policy_id) FILTER (WHERE o.enqueued_users > 0), max(o.policy_id)) END AS policy_id,
            coalesce(sum(o.more_audience) FILTER (WHERE n.is_home), 0) AS more_audience,
            coalesce(sum(o.more_enqueued) FILTER (WHERE n.is_home), 0) AS more_enqueued,
            coalesce(sum(o.more_batches) FILTER (WHERE n.is_home), 0) AS more_batches
        FROM moved_mark AS o
        CROSS JOIN LATERAL (
            SELECT s.bucket, s.bucket = (o.old_bucket & new_count - 1) AS is_home
            FROM generate_series(o.old_bucket & new_count - 1, new_count - 1, old_count) AS s (bucket)
        ) AS n
        GROUP BY o.run_id, n.bucket
    ) AS m
    LEFT JOIN push.audience_block AS a ON m.run_id = a.run_id AND m.bucket = a.bucket
    LEFT JOIN (
        SELECT s.run_id, s.bucket, sum(s.user_count) AS users, count(*) AS batches
        FROM push.send_batch AS s
        WHERE s.run_day = day
        GROUP BY s.run_id, s.bucket
    ) AS b ON m.run_id = b.run_id AND m.bucket = b.bucket
    LEFT JOIN (
        SELECT s.run_id, s.bucket, sum(s.user_count) AS users
        FROM push.run AS o
        INNER JOIN push.decision_block AS s ON o.run_id = s.run_id
        WHERE o.run_day = day
        GROUP BY s.run_id, s.bucket
    ) AS d ON m.run_id = d.run_id AND m.bucket = d.bucket;
END $$;

CREATE FUNCTION push.recover_expired_leases(at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
BEGIN
    RETURN push.take_back_expired(push.queue_moment(at));
END $$;

CREATE FUNCTION push.refresh_recipients(user_ids bigint[], at timestamp with time zone DEFAULT now()) RETURNS integer
    LANGUAGE plpgsql
    SET enable_seqscan TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET plan_cache_mode TO 'force_custom_plan'
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

COMMENT ON FUNCTION push.refresh_recipients(user_ids bigint[], at timestamp with time zone) IS 'Writes what the planner must know of these users anew; returns how many rows changed.';

CREATE FUNCTION push.refuse_approval_of_page() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'The campaigns page approves briefs, nothing else.' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE FUNCTION push.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are history and never change: add a new one instead.', tg_table_name;
END $$;

CREATE FUNCTION push.refuse_changed_approval() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF tg_op = 'DELETE' OR old.withdrawn_at IS NOT NULL OR new.withdrawn_at IS NULL
        OR to_jsonb(new) - '{withdrawn_at,withdrawn_by}'::text[] <> to_jsonb(old) - '{withdrawn_at,withdrawn_by}'::text[] THEN
        RAISE EXCEPTION 'An approval never changes: withdraw it and approve again.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END $$;

CREATE FUNCTION push.refuse_kept_trial() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'The campaigns page may try a run, never keep one: rows of % would stay.', tg_table_name
        USING ERRCODE = 'insufficient_privilege', HINT = 'Roll the transaction back.';
END $$;

CREATE FUNCTION push.refuse_late_text() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (
        SELECT FROM push.approval AS a
        WHERE a.source_kind = 'brief' AND a.source_id = new.brief_id AND a.version = new.version
    ) THEN
        RAISE EXCEPTION 'Version % is approved: its texts are frozen. Save a new version instead.', new.version
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END $$;

CREATE FUNCTION push.refuse_long_window() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    needed interval;
    setting push.setting;
BEGIN
    SELECT s.* INTO setting FROM push.setting AS s;
    needed := coalesce(
        new.window_length,
        CASE new.calendar_unit WHEN 'day' THEN interval '1 day' WHEN 'week' THEN interval '7 days' ELSE interval '31 days' END
    ) + setting.longest_deferral + interval '2 days';
    IF justify_hours(needed) > justify_hours(setting.batch_retention) THEN
        RAISE EXCEPTION 'Cap rule "%" looks back longer than batches are kept: it needs % (window + longest deferral + 2 days), batches are kept %. Shorten the window or raise push.setting.batch_retention first.',
            new.title, needed, setting.batch_retention USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END $$;

CREATE FUNCTION push.refuse_own_approval() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    editors text[];
    hash text;
BEGIN
    IF new.source_kind = 'brief' THEN
        SELECT v.edited_by, v.content_hash INTO editors, hash FROM push.brief_version AS v
        WHERE v.brief_id = new.source_id AND v.version = new.version;
    ELSE
        SELECT v.edited_by, v.content_hash INTO editors, hash FROM push.trigger_rule_version AS v
        WHERE v.trigger_id = new.source_id AND v.version = new.version;
    END IF;
    IF hash IS NULL THEN
        RAISE EXCEPTION 'There is no version % of % % to approve.', new.version, new.source_kind, new.source_id
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF hash <> new.content_hash THEN
        RAISE EXCEPTION 'The content changed since it was shown for approval: look at it again.' USING ERRCODE = 'check_violation';
    END IF;
    IF lower(btrim(new.approved_by)) IN (SELECT lower(btrim(e.name)) FROM unnest(editors) AS e (name)) THEN
        RAISE EXCEPTION '% wrote this version and may not approve it: ask somebody else.', new.approved_by
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_needs_four_eyes';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION push.refuse_rewritten_brief() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are history and never change: save a new version instead.', tg_table_name;
END $$;

CREATE FUNCTION push.release(batch_id bigint, fence integer, at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
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

CREATE FUNCTION push.renew(batch_id bigint, fence integer, lease interval, at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
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

CREATE FUNCTION push.resume(who text, lane push.lane DEFAULT NULL::push.lane, run_id bigint DEFAULT NULL::bigint, at timestamp with time zone DEFAULT NULL::timestamp with time zone) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
DECLARE
    moment timestamptz := push.queue_moment(at);
    scope_of_pause text := CASE WHEN run_id IS NOT NULL THEN 'run' WHEN lane IS NOT NULL THEN 'lane' ELSE 'all' END;
BEGIN
    UPDATE push.pause AS p
    SET resumed_by = who, resumed_at = moment
    WHERE p.resumed_at IS NULL
        AND p.scope = scope_of_pause
        AND p.lane IS NOT DISTINCT FROM resume.lane
        AND p.run_id IS NOT DISTINCT FROM resume.run_id;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO push.audit_log (happened_at, who, what, run_id, detail)
    VALUES (moment, resume.who, 'resume', resume.run_id, jsonb_build_object('scope', scope_of_pause, 'lane', resume.lane));
    RETURN true;
END $$;

CREATE FUNCTION push.round_up_moment(moment timestamp with time zone, step interval) RETURNS timestamp with time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
    SELECT CASE
    WHEN date_bin(step, moment, '2000-01-01 00:00+00') = moment THEN moment
    ELSE date_bin(step, moment, '2000-01-01 00:00+00') + step
END
$$;

CREATE FUNCTION push.run_refusal(run_id bigint, at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE
    AS $$
    SELECT CASE
        WHEN r.status <> 'planning' THEN format('Run %s is %s, not being planned.', r.run_id, r.status)
        WHEN r.due_at > at THEN format('Run %s is not due before %s.', r.run_id, r.due_at)
        WHEN r.expires_at <= at THEN format('Run %s expired at %s.', r.run_id, r.expires_at)
        WHEN r.snapshot_at IS NULL THEN format('Run %s has no snapshot of its audience yet.', r.run_id)
        WHEN r.source_kind = 'foreign' AND NOT EXISTS (
            SELECT FROM push.offer AS o WHERE o.offer_id = r.source_id AND o.content_hash = r.content_hash
        ) THEN format('Run %s belongs to no offer.', r.run_id)
        WHEN r.source_kind <> 'foreign' AND NOT EXISTS (
            SELECT FROM push.approval AS a
            WHERE a.source_kind = r.source_kind::text
                AND a.source_id = r.source_id
                AND a.version = r.version
                AND a.content_hash = r.content_hash
                AND a.withdrawn_at IS NULL
        ) THEN format('Run %s (%s) is not approved as it stands: ask an approver to look at version %s.', r.run_id, r.title, r.version)
        WHEN r.source_kind = 'brief' AND NOT EXISTS (SELECT FROM push.run_bucket AS d WHERE d.run_id = r.run_id) AND NOT EXISTS (
            SELECT FROM push.brief AS b
            WHERE b.brief_id = r.source_id AND b.current_version = r.version AND b.status <> 'cancelled'
        ) THEN format('Run %s (%s) is of a brief that was edited or stopped since: nothing of it was sent, its new version waits for approval.', r.run_id, r.title)
        WHEN r.source_kind = 'trigger' AND NOT EXISTS (SELECT FROM push.run_bucket AS d WHERE d.run_id = r.run_id) AND NOT EXISTS (
            SELECT FROM push.trigger_rule AS t
            WHERE t.trigger_id = r.source_id AND t.current_version = r.version AND t.is_on
        ) THEN format('Run %s (%s) is of a trigger that was edited or switched off since: nothing of it was sent; it fires again when it is on and approved as it stands now.', r.run_id, r.title)
    END
    FROM push.run AS r
    WHERE r.run_id = run_refusal.run_id
$$;

CREATE FUNCTION push.run_stage(status text, under_way bigint) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT CASE WHEN status <> 'planned' THEN status WHEN under_way > 0 THEN 'sending' ELSE 'sent' END
$$;

CREATE FUNCTION push.set_bucket_count(new_count integer) RETURNS void
    LANGUAGE plpgsql
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

CREATE FUNCTION push.share_of(user_id bigint, salt bigint) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT ((hashint8extended(user_id, salt) & 9223372036854775807) % 10000)::integer
$$;

CREATE FUNCTION push.slots_of(class push.class, tags text[], is_counted boolean, slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[], slot_maximum integer[]) RETURNS bigint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT
        CASE WHEN cardinality(slot_maximum) >= 1
            AND push.counts_for(class, tags, is_counted, slot_class[1], slot_tag[1], slot_counts_uncounted[1]) THEN 1 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 2
            AND push.counts_for(class, tags, is_counted, slot_class[2], slot_tag[2], slot_counts_uncounted[2]) THEN 2 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 3
            AND push.counts_for(class, tags, is_counted, slot_class[3], slot_tag[3], slot_counts_uncounted[3]) THEN 4 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 4
            AND push.counts_for(class, tags, is_counted, slot_class[4], slot_tag[4], slot_counts_uncounted[4]) THEN 8 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 5
            AND push.counts_for(class, tags, is_counted, slot_class[5], slot_tag[5], slot_counts_uncounted[5]) THEN 16 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 6
            AND push.counts_for(class, tags, is_counted, slot_class[6], slot_tag[6], slot_counts_uncounted[6]) THEN 32 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 7
            AND push.counts_for(class, tags, is_counted, slot_class[7], slot_tag[7], slot_counts_uncounted[7]) THEN 64 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 8
            AND push.counts_for(class, tags, is_counted, slot_class[8], slot_tag[8], slot_counts_uncounted[8]) THEN 128 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 9
            AND push.counts_for(class, tags, is_counted, slot_class[9], slot_tag[9], slot_counts_uncounted[9]) THEN 256 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 10
            AND push.counts_for(class, tags, is_counted, slot_class[10], slot_tag[10], slot_counts_uncounted[10]) THEN 512 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 11
            AND push.counts_for(class, tags, is_counted, slot_class[11], slot_tag[11], slot_counts_uncounted[11]) THEN 1024 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 12
            AND push.counts_for(class, tags, is_counted, slot_class[12], slot_tag[12], slot_counts_uncounted[12]) THEN 2048 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 13
            AND push.counts_for(class, tags, is_counted, slot_class[13], slot_tag[13], slot_counts_uncounted[13]) THEN 4096 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 14
            AND push.counts_for(class, tags, is_counted, slot_class[14], slot_tag[14], slot_counts_uncounted[14]) THEN 8192 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 15
            AND push.counts_for(class, tags, is_counted, slot_class[15], slot_tag[15], slot_counts_uncounted[15]) THEN 16384 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 16
            AND push.counts_for(class, tags, is_counted, slot_class[16], slot_tag[16], slot_counts_uncounted[16]) THEN 32768 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 17
            AND push.counts_for(class, tags, is_counted, slot_class[17], slot_tag[17], slot_counts_uncounted[17]) THEN 65536 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 18
            AND push.counts_for(class, tags, is_counted, slot_class[18], slot_tag[18], slot_counts_uncounted[18]) THEN 131072 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 19
            AND push.counts_for(class, tags, is_counted, slot_class[19], slot_tag[19], slot_counts_uncounted[19]) THEN 262144 ELSE 0 END
$$;

CREATE FUNCTION push.stopped_until(moment timestamp with time zone, push_times timestamp with time zone[], window_kind text, window_length interval, calendar_unit text, week_start smallint, zone_name text, maximum integer) RETURNS timestamp with time zone
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
DECLARE
    starts_at timestamptz;
    ends_at timestamptz;
    pushed_at timestamptz;
    tried timestamptz := moment;
    held integer;
    is_full boolean;
    expiring integer := 0;
    push_count integer := coalesce(cardinality(push_times), 0);
BEGIN
    IF maximum IS NULL OR push_count < maximum THEN
        RETURN NULL;
    ELSIF maximum <= 0 THEN
        RETURN 'infinity';
    END IF;
    IF window_kind <> 'rolling' THEN
        SELECT w.starts_at, w.ends_at INTO starts_at, ends_at
        FROM push.window_of(moment, window_kind, window_length, calendar_unit, week_start, zone_name) AS w;
        held := 0;
        FOREACH pushed_at IN ARRAY push_times LOOP
            IF pushed_at >= starts_at AND pushed_at < ends_at THEN
                held := held + 1;
            END IF;
        END LOOP;
        RETURN CASE WHEN held >= maximum THEN ends_at END;
    END IF;
    LOOP
        is_full := false;
        FOR last_in IN 0..push_count LOOP
            IF last_in = 0 THEN
                ends_at := tried;
            ELSE
                ends_at := push_times[last_in];
                CONTINUE WHEN ends_at <= tried OR ends_at >= tried + window_length;
            END IF;
            starts_at := ends_at - window_length;
            held := 0;
            FOREACH pushed_at IN ARRAY push_times LOOP
                IF pushed_at > starts_at AND pushed_at <= ends_at THEN
                    held := held + 1;
                END IF;
            END LOOP;
            is_full := held >= maximum;
            EXIT WHEN is_full;
        END LOOP;
        IF NOT is_full THEN
            RETURN nullif(tried, moment);
        END IF;
        LOOP
            expiring := expiring + 1;
            EXIT WHEN expiring > push_count OR push_times[expiring] + window_length > tried;
        END LOOP;
        IF expiring > push_count THEN
            RETURN 'infinity';
        END IF;
        tried := push_times[expiring] + window_length;
    END LOOP;
END $$;

CREATE FUNCTION push.take_back_expired(moment timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'pg_temp'
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

CREATE FUNCTION push.tell_run_acts(brief_id bigint) RETURNS TABLE(run_id bigint, occasion timestamp with time zone, happened_at timestamp with time zone, who text, what text, reach bigint, low bigint, high bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT
        r.run_id,
        r.occasion,
        l.happened_at,
        l.who,
        l.what,
        (l.detail ->> 'reach')::bigint AS reach,
        (l.detail ->> 'low')::bigint AS low,
        (l.detail ->> 'high')::bigint AS high
    FROM push.run AS r
    INNER JOIN push.audit_log AS l ON r.run_id = l.run_id
    WHERE r.source_kind = 'brief'
        AND r.source_id = tell_run_acts.brief_id
        AND l.what IN ('cancel', 'pause', 'resume', 'run_held', 'reach_approved', 'reach_refused')
    ORDER BY l.audit_id
$$;

CREATE FUNCTION push.variant_of(user_id bigint, salt bigint, shares integer[]) RETURNS smallint
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT width_bucket(push.share_of(user_id, salt), shares)::smallint
$$;

CREATE FUNCTION push.wait_for_begins(lane push.lane, run_id bigint) RETURNS bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'pg_temp'
    AS $$
    SELECT count(*)
    FROM (
        SELECT b.batch_id
        FROM push.send_batch AS b
        WHERE b.status = 'claimed'
            AND (wait_for_begins.lane IS NULL OR b.lane = wait_for_begins.lane)
            AND (wait_for_begins.run_id IS NULL OR b.run_id = wait_for_begins.run_id)
        ORDER BY b.run_day, b.batch_id
        FOR SHARE
    ) AS held
$$;

CREATE FUNCTION push.weigh(not_before timestamp with time zone, class push.class, tags text[], is_counted boolean, slot_from timestamp with time zone[], slot_until timestamp with time zone[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[]) RETURNS double precision
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
    SELECT
        CASE WHEN not_before >= slot_from[1] AND not_before < slot_until[1]
            AND push.counts_for(class, tags, is_counted, slot_class[1], slot_tag[1], slot_counts_uncounted[1]) THEN 1 ELSE 0 END
        + CASE WHEN not_before >= slot_from[2] AND not_before < slot_until[2]
            AND push.counts_for(class, tags, is_counted, slot_class[2], slot_tag[2], slot_counts_uncounted[2]) THEN 8192 ELSE 0 END
        + CASE WHEN not_before >= slot_from[3] AND not_before < slot_until[3]
            AND push.counts_for(class, tags, is_counted, slot_class[3], slot_tag[3], slot_counts_uncounted[3]) THEN 67108864 ELSE 0 END
        + CASE WHEN not_before >= slot_from[4] AND not_before < slot_until[4]
            AND push.counts_for(class, tags, is_counted, slot_class[4], slot_tag[4], slot_counts_uncounted[4]) THEN 549755813888 ELSE 0 END
$$;

CREATE FUNCTION push.window_of(moment timestamp with time zone, window_kind text, window_length interval, calendar_unit text, week_start smallint, zone_name text, OUT starts_at timestamp with time zone, OUT ends_at timestamp with time zone) RETURNS record
    LANGUAGE plpgsql STABLE PARALLEL SAFE
    AS $$
DECLARE
    local_day date;
    first_day date;
    next_day date;
BEGIN
    IF window_kind = 'rolling' THEN
        starts_at := moment - window_length + interval '1 microsecond';
        ends_at := moment + interval '1 microsecond';
        RETURN;
    END IF;
    local_day := (moment AT TIME ZONE zone_name)::date;
    IF calendar_unit = 'day' THEN
        first_day := local_day;
        next_day := local_day + 1;
    ELSIF calendar_unit = 'week' THEN
        first_day := local_day - ((extract(isodow FROM local_day)::integer - week_start + 7) % 7);
        next_day := first_day + 7;
    ELSE
        first_day := date_trunc('month', local_day)::date;
        next_day := (first_day + interval '1 month')::date;
    END IF;
    starts_at := push.instant_of(first_day::timestamp, zone_name);
    ends_at := push.instant_of(next_day::timestamp, zone_name);
END $$;

CREATE TABLE push.reason (
    reason smallint NOT NULL,
    code text NOT NULL,
    sentence text NOT NULL
);

COMMENT ON TABLE push.reason IS 'Why a user of the audience gets nothing; the number is also the fixed order of judging.';

CREATE TABLE push.brief (
    brief_id bigint NOT NULL,
    campaign_code text NOT NULL,
    status text DEFAULT 'idea'::text NOT NULL,
    current_version integer DEFAULT 1 NOT NULL,
    notes jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_by text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT brief_status_is_known CHECK ((status = ANY (ARRAY['idea'::text, 'texts_ready'::text, 'audience_ready'::text, 'approved'::text, 'scheduled'::text, 'sending'::text, 'sent'::text, 'cancelled'::text]))),
    CONSTRAINT campaign_code_has_its_form CHECK ((campaign_code ~ '^C-\d{4}-\d{3,}$'::text))
);

COMMENT ON TABLE push.brief IS 'One row of the campaign sheet.';

COMMENT ON COLUMN push.brief.notes IS 'What people note beside it and no approval binds: idea, goal_event, promo_start, owner, service_reason.';

CREATE TABLE push.offer (
    offer_id bigint NOT NULL,
    team text NOT NULL,
    occasion_key text NOT NULL,
    offered_at timestamp with time zone NOT NULL,
    offered_by text NOT NULL,
    content_hash text NOT NULL
);

COMMENT ON TABLE push.offer IS 'What other teams asked to send; each becomes a run of kind foreign under the same law.';

CREATE TABLE push.trigger_rule (
    trigger_id bigint NOT NULL,
    name text NOT NULL,
    is_on boolean DEFAULT false NOT NULL,
    current_version integer DEFAULT 1 NOT NULL
);

COMMENT ON TABLE push.trigger_rule IS 'A trigger: a SQL file of sql/triggers by name, and its settings (the version in force).';

CREATE TABLE push.cap_rule (
    policy_id integer NOT NULL,
    rule_no smallint NOT NULL,
    title text NOT NULL,
    class push.class,
    tag text,
    window_kind text NOT NULL,
    window_length interval,
    calendar_unit text,
    week_start smallint DEFAULT 1 NOT NULL,
    maximum smallint NOT NULL,
    reserve smallint DEFAULT 0 NOT NULL,
    CONSTRAINT calendar_unit_is_known CHECK ((calendar_unit = ANY (ARRAY['day'::text, 'week'::text, 'month'::text]))),
    CONSTRAINT maximum_is_sensible CHECK (((maximum >= 0) AND (maximum <= 1000))),
    CONSTRAINT reserve_is_part_of_maximum CHECK (((reserve >= 0) AND (reserve <= maximum))),
    CONSTRAINT rule_never_counts_transactional CHECK ((class <> 'transactional'::push.class)),
    CONSTRAINT rule_no_is_one_to_eight CHECK (((rule_no >= 1) AND (rule_no <= 8))),
    CONSTRAINT week_start_is_iso_day CHECK (((week_start >= 1) AND (week_start <= 7))),
    CONSTRAINT window_fits_its_kind CHECK ((((window_kind = 'rolling'::text) AND (window_length IS NOT NULL) AND (calendar_unit IS NULL)) OR ((window_kind <> 'rolling'::text) AND (window_length IS NULL) AND (calendar_unit IS NOT NULL)))),
    CONSTRAINT window_kind_is_known CHECK ((window_kind = ANY (ARRAY['rolling'::text, 'calendar_user'::text, 'calendar_project'::text]))),
    CONSTRAINT window_length_is_positive CHECK ((window_length > '00:00:00'::interval))
);

COMMENT ON TABLE push.cap_rule IS 'At most `maximum` counted pushes per user and window; all rules must pass.';

COMMENT ON COLUMN push.cap_rule.class IS 'Counts and limits only this class; null = all counted classes.';

COMMENT ON COLUMN push.cap_rule.tag IS 'Counts and limits only pushes with this tag; null = any.';

COMMENT ON COLUMN push.cap_rule.week_start IS 'ISO day: 1 = Monday.';

COMMENT ON COLUMN push.cap_rule.reserve IS 'Slots that marketing leaves to the trigger lane.';

CREATE TABLE push.decision_block (
    run_id bigint NOT NULL,
    bucket smallint NOT NULL,
    reason smallint NOT NULL,
    rule_no smallint DEFAULT 0 NOT NULL,
    user_count integer NOT NULL,
    users bigint[] NOT NULL
);
ALTER TABLE ONLY push.decision_block ALTER COLUMN users SET STORAGE EXTERNAL;

COMMENT ON TABLE push.decision_block IS 'Who of the bucket was left out and why; the cap rule''s number when the reason is a cap.';

CREATE TABLE push.run_bucket (
    run_id bigint NOT NULL,
    bucket smallint NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    policy_id integer,
    audience_users integer NOT NULL,
    enqueued_users integer NOT NULL,
    batch_count integer NOT NULL
);

COMMENT ON TABLE push.run_bucket IS 'The mark: this bucket of the run is decided. Its key guards that a user is decided once a run.';

CREATE TABLE push.receipt (
    run_day date NOT NULL,
    batch_id bigint NOT NULL,
    "position" smallint NOT NULL,
    kind text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    insert_id text NOT NULL,
    CONSTRAINT receipt_kind_is_known CHECK ((kind = ANY (ARRAY['delivered'::text, 'opened'::text, 'unsubscribed'::text, 'converted'::text])))
)
PARTITION BY RANGE (run_day);

COMMENT ON TABLE push.receipt IS 'What came back later for a push.';

CREATE TABLE push.audience_block (
    run_id bigint NOT NULL,
    bucket smallint NOT NULL,
    users bigint[] NOT NULL,
    excluded bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    over_max bigint[] DEFAULT '{}'::bigint[] NOT NULL
);
ALTER TABLE ONLY push.audience_block ALTER COLUMN users SET STORAGE EXTERNAL;
ALTER TABLE ONLY push.audience_block ALTER COLUMN excluded SET STORAGE EXTERNAL;
ALTER TABLE ONLY push.audience_block ALTER COLUMN over_max SET STORAGE EXTERNAL;

COMMENT ON TABLE push.audience_block IS 'The snapshot: distinct users of the audience by bucket. The three arrays share no user.';

CREATE VIEW push.batch_state_count AS
 SELECT run_day,
    run_id,
    count(*) AS batches,
    sum(user_count) AS enqueued,
    COALESCE(sum(COALESCE((state_counts[1] + state_counts[2]), user_count)) FILTER (WHERE (status = 'waiting'::text)), (0)::bigint) AS waiting,
    COALESCE(sum(COALESCE((state_counts[1] + state_counts[2]), user_count)) FILTER (WHERE (status = 'claimed'::text)), (0)::bigint) AS claimed,
    COALESCE(sum(state_counts[3]), (0)::bigint) AS accepted,
    COALESCE(sum(state_counts[4]), (0)::bigint) AS rejected,
    COALESCE(sum(state_counts[5]), (0)::bigint) AS unknown,
    COALESCE(sum(state_counts[6]), (0)::bigint) AS withheld,
    COALESCE(sum(COALESCE(state_counts[7],
        CASE
            WHEN (status = 'expired'::text) THEN user_count
            ELSE NULL::integer
        END)), (0)::bigint) AS expired,
    COALESCE(sum(COALESCE(state_counts[8],
        CASE
            WHEN (status = 'cancelled'::text) THEN user_count
            ELSE NULL::integer
        END)), (0)::bigint) AS cancelled,
    COALESCE(sum((((state_counts[2] + state_counts[3]) + state_counts[4]) + state_counts[5])), (0)::bigint) AS left_already
   FROM push.send_batch b
  GROUP BY run_day, run_id;

COMMENT ON VIEW push.batch_state_count IS 'Per run with batches: pushes by state; enqueued = waiting + claimed + accepted + rejected + unknown + withheld + expired + cancelled.';

CREATE VIEW push.run_sum AS
 SELECT r.run_id,
    r.run_day,
    COALESCE(a.audience_users, (r.audience_users)::bigint, (0)::bigint) AS audience_users,
    COALESCE(a.undone_users, (0)::bigint) AS undone_users,
    COALESCE(m.marked_users, (0)::bigint) AS marked_users,
    COALESCE(m.marked_enqueued, (0)::bigint) AS marked_enqueued,
    COALESCE(d.left_out, (0)::bigint) AS left_out,
    COALESCE(c.enqueued, (0)::bigint) AS enqueued,
    COALESCE(c.waiting, (0)::bigint) AS waiting,
    COALESCE(c.claimed, (0)::bigint) AS claimed,
    COALESCE(c.accepted, (0)::bigint) AS accepted,
    COALESCE(c.rejected, (0)::bigint) AS rejected,
    COALESCE(c.unknown, (0)::bigint) AS unknown,
    COALESCE(c.withheld, (0)::bigint) AS withheld,
    COALESCE(c.expired, (0)::bigint) AS expired,
    COALESCE(c.cancelled, (0)::bigint) AS cancelled,
    COALESCE((((m.marked_enqueued > 0) AND (c.enqueued IS NULL)) OR ((m.marked_users > m.marked_enqueued) AND (d.left_out IS NULL))), false) AS is_dropped
   FROM ((((push.run r
     LEFT JOIN LATERAL ( SELECT sum(((cardinality(b.users) + cardinality(b.excluded)) + cardinality(b.over_max))) AS audience_users,
            sum(((cardinality(b.users) + cardinality(b.excluded)) + cardinality(b.over_max))) FILTER (WHERE (NOT (EXISTS ( SELECT
                   FROM push.run_bucket k
                  WHERE ((k.run_id = b.run_id) AND (k.bucket = b.bucket)))))) AS undone_users
           FROM push.audience_block b
          WHERE (b.run_id = r.run_id)) a ON (true))
     LEFT JOIN LATERAL ( SELECT sum(k.audience_users) AS marked_users,
            sum(k.enqueued_users) AS marked_enqueued
           FROM push.run_bucket k
          WHERE (k.run_id = r.run_id)) m ON (true))
     LEFT JOIN LATERAL ( SELECT sum(k.user_count) AS left_out
           FROM push.decision_block k
          WHERE (k.run_id = r.run_id)) d ON (true))
     LEFT JOIN LATERAL ( SELECT k.run_day,
            k.run_id,
            k.batches,
            k.enqueued,
            k.waiting,
            k.claimed,
            k.accepted,
            k.rejected,
            k.unknown,
            k.withheld,
            k.expired,
            k.cancelled,
            k.left_already
           FROM push.batch_state_count k
          WHERE ((k.run_day = r.run_day) AND (k.run_id = r.run_id))) c ON (true));

COMMENT ON VIEW push.run_sum IS 'Per run both sides of the closed sum: audience_users = enqueued + left_out + undone_users, and enqueued = the sum of the eight states.';

CREATE TABLE push.run_total (
    run_id bigint NOT NULL,
    counted_at timestamp with time zone NOT NULL,
    audience_users integer NOT NULL,
    not_planned_yet integer NOT NULL,
    enqueued integer NOT NULL,
    reasons jsonb NOT NULL,
    ends jsonb NOT NULL,
    came_back jsonb
);

COMMENT ON TABLE push.run_total IS 'The funnel of a run as last counted: kept when batches and blocks are dropped.';

COMMENT ON COLUMN push.run_total.came_back IS 'By variant, as last counted: [{"variant", "pushes", "accepted", "delivered", "opened", "unsubscribed", "converted"}]. Null: dropped before it was counted.';

CREATE VIEW push.any_brief AS
 SELECT b.brief_id,
    b.current_version AS version,
    v.content_hash,
    b.campaign_code,
    b.status,
    (b.notes ->> 'idea'::text) AS title,
    (v.content ->> 'sql_hash'::text) AS sql_hash,
    ((v.content ->> 'class'::text))::push.class AS class,
    ((v.content ->> 'send_at'::text))::timestamp without time zone AS send_at,
    ((v.content ->> 'local_time'::text))::boolean AS local_time,
    (v.content ->> 'repeat'::text) AS repeat,
    ((v.content ->> 'ttl_hours'::text))::integer AS ttl_hours,
    (v.content #>> '{audience,name}'::text[]) AS audience,
    (v.content #> '{audience,parameters}'::text[]) AS audience_parameters,
    (v.content -> 'exclude'::text) AS exclude,
    ((v.content ->> 'control_share'::text))::integer AS control_share,
    ARRAY( SELECT (s.share)::integer AS share
           FROM jsonb_array_elements_text((v.content -> 'variant_shares'::text)) WITH ORDINALITY s(share, variant)
          ORDER BY s.variant) AS variant_shares,
    ((v.content ->> 'priority'::text))::smallint AS priority,
    ((v.content ->> 'max_users'::text))::integer AS max_users,
    ((v.content ->> 'throttle'::text))::integer AS throttle,
    (v.content ->> 'limit_mode'::text) AS limit_mode,
    (v.content ->> 'link'::text) AS link,
    COALESCE((v.content ->> 'image_url'::text), ''::text) AS image_url,
    (v.content ->> 'utm_campaign'::text) AS utm_campaign,
    ((v.content ->> 'promo_end'::text))::date AS promo_end,
    ARRAY( SELECT t.tag
           FROM jsonb_array_elements_text((v.content -> 'tags'::text)) WITH ORDINALITY t(tag, place)
          ORDER BY t.place) AS tags
   FROM (push.brief b
     JOIN push.brief_version v ON (((b.brief_id = v.brief_id) AND (b.current_version = v.version))));

COMMENT ON VIEW push.any_brief IS 'Briefs as they stand, approved or not. send_at is the wall clock of the project, or of each user where local_time.';

ALTER TABLE push.approval ALTER COLUMN approval_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.approval_approval_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW push.approved_brief AS
 SELECT b.brief_id,
    b.version,
    b.content_hash,
    b.campaign_code,
    b.status,
    b.title,
    b.sql_hash,
    b.class,
    b.send_at,
    b.local_time,
    b.repeat,
    b.ttl_hours,
    b.audience,
    b.audience_parameters,
    b.exclude,
    b.control_share,
    b.variant_shares,
    b.priority,
    b.max_users,
    b.throttle,
    b.limit_mode,
    b.link,
    b.image_url,
    b.utm_campaign,
    b.promo_end,
    b.tags,
    a.approval_id,
    a.approved_by,
    a.approved_at,
    a.reach_expected,
    a.reach_low,
    a.reach_high
   FROM (push.any_brief b
     JOIN push.approval a ON (((a.source_kind = 'brief'::text) AND (b.brief_id = a.source_id) AND (b.version = a.version) AND (b.content_hash = a.content_hash))))
  WHERE ((a.withdrawn_at IS NULL) AND (b.status = ANY (ARRAY['approved'::text, 'scheduled'::text, 'sending'::text])));

COMMENT ON VIEW push.approved_brief IS 'What the planner may turn into runs. send_at is the wall clock of the project, or of each user where local_time.';

CREATE TABLE push.audience_field (
    run_id bigint NOT NULL,
    bucket smallint NOT NULL,
    fields text[] NOT NULL
);
ALTER TABLE ONLY push.audience_field ALTER COLUMN fields SET STORAGE EXTERNAL;

COMMENT ON TABLE push.audience_field IS 'Personal fields for the texts, aligned with audience_block.users: one JSON array a user, in the order of run.field_names. Short-lived.';

ALTER TABLE push.audit_log ALTER COLUMN audit_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.audit_log_audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE push.brief ALTER COLUMN brief_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.brief_brief_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE push.brief_history (
    history_id bigint NOT NULL,
    brief_id bigint NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    who text NOT NULL,
    what text NOT NULL,
    version integer NOT NULL,
    changes jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT brief_history_act_is_known CHECK ((what = ANY (ARRAY['created'::text, 'edited'::text, 'noted'::text, 'moved'::text, 'approved'::text, 'withdrawn'::text])))
);

COMMENT ON TABLE push.brief_history IS 'Who changed what and when.';

COMMENT ON COLUMN push.brief_history.changes IS '[{"column": ..., "old": ..., "new": ...}, ...]';

ALTER TABLE push.brief_history ALTER COLUMN history_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.brief_history_history_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE push.brief_number (
    year smallint NOT NULL,
    last_number integer NOT NULL
);

COMMENT ON TABLE push.brief_number IS 'The last number of C-YYYY-NNN given in a year; numbers are never used again.';

CREATE TABLE push.brief_text (
    brief_id bigint NOT NULL,
    version integer NOT NULL,
    variant smallint NOT NULL,
    language text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    CONSTRAINT variant_is_not_negative CHECK ((variant >= 0))
);

COMMENT ON TABLE push.brief_text IS 'The texts of a version: Liquid, one row a variant (0 = A) and language.';

CREATE TABLE push.bucket_lock (
    bucket smallint NOT NULL
);

COMMENT ON TABLE push.bucket_lock IS 'Lock the row FOR UPDATE, in a statement of its own in READ COMMITTED, before deciding, cancelling, expiring or erasing in the bucket.';

CREATE TABLE push.check_result (
    check_result_id bigint NOT NULL,
    check_name text NOT NULL,
    severity text NOT NULL,
    checked_at timestamp with time zone NOT NULL,
    offending integer NOT NULL,
    sample jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT severity_is_known CHECK ((severity = ANY (ARRAY['fail'::text, 'warn'::text])))
);

COMMENT ON TABLE push.check_result IS 'What sql/checks found, a row a check and time.';

ALTER TABLE push.check_result ALTER COLUMN check_result_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.check_result_check_result_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE push.consent (
    user_id bigint NOT NULL,
    purpose text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    is_granted boolean NOT NULL,
    source text NOT NULL,
    CONSTRAINT purpose_is_known CHECK ((purpose = ANY (ARRAY['marketing'::text, 'service'::text])))
);

COMMENT ON TABLE push.consent IS 'Append only: each change of a consent. The latest row a purpose is in force; none means not granted.';

CREATE TABLE push.control_group (
    control_group_id integer NOT NULL,
    salt bigint NOT NULL,
    share integer NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone,
    CONSTRAINT share_is_basis_points CHECK (((share >= 0) AND (share <= 10000)))
);

COMMENT ON TABLE push.control_group IS 'Global control groups: users who get no marketing or trigger pushes, to measure what all pushes together do.';

COMMENT ON COLUMN push.control_group.share IS 'Basis points: 100 = 1 %.';

ALTER TABLE push.control_group ALTER COLUMN control_group_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.control_group_control_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE push.control_member (
    user_id bigint NOT NULL,
    control_group_id integer NOT NULL,
    member_since timestamp with time zone NOT NULL,
    member_until timestamp with time zone
);

COMMENT ON TABLE push.control_member IS 'Dated membership: who was in the control group from when to when.';

CREATE VIEW push.decision AS
 SELECT b.run_id,
    NULLIF(u.user_id, 0) AS user_id,
    b.bucket,
    'enqueued'::text AS decision,
    'got a push enqueued'::text AS sentence,
    (0)::smallint AS rule_no,
    push.push_id(b.run_id, NULLIF(u.user_id, 0)) AS push_id,
    b.batch_id,
    b.variant,
    b.language,
    b.not_before
   FROM (push.send_batch b
     CROSS JOIN LATERAL unnest(b.users) u(user_id))
UNION ALL
 SELECT d.run_id,
    NULLIF(u.user_id, 0) AS user_id,
    d.bucket,
    r.code AS decision,
    r.sentence,
    d.rule_no,
    NULL::uuid AS push_id,
    NULL::bigint AS batch_id,
    NULL::smallint AS variant,
    NULL::text AS language,
    NULL::timestamp with time zone AS not_before
   FROM ((push.decision_block d
     JOIN push.reason r ON ((r.reason = d.reason)))
     CROSS JOIN LATERAL unnest(d.users) u(user_id));

COMMENT ON VIEW push.decision IS 'One row a user that a run decided: enqueued, or the one reason why not.';

CREATE TABLE push.event (
    event_day date NOT NULL,
    insert_id text NOT NULL,
    user_id bigint NOT NULL,
    name text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    properties jsonb DEFAULT '{}'::jsonb NOT NULL
)
PARTITION BY RANGE (event_day);

COMMENT ON TABLE push.event IS 'What users did, as the app''s backend tells; insert_id makes a repeat harmless.';

CREATE TABLE push.google_row (
    google_sheet_id bigint NOT NULL,
    campaign_code text NOT NULL,
    in_sheet jsonb DEFAULT '{}'::jsonb NOT NULL,
    in_page jsonb DEFAULT '{}'::jsonb NOT NULL,
    is_reserved boolean DEFAULT false NOT NULL,
    CONSTRAINT google_row_code_has_its_form CHECK ((campaign_code ~ '^C-\d{4}-\d{3,}$'::text))
);

COMMENT ON TABLE push.google_row IS 'What a row of the tab and its row of the page said when they were last compared.';

COMMENT ON COLUMN push.google_row.in_sheet IS 'Column key -> text of the tab; a key that is missing was never compared.';

COMMENT ON COLUMN push.google_row.in_page IS 'Column key -> text of the page; another text than in_sheet: both were changed at once and people have not chosen. Null: to be written again.';

COMMENT ON COLUMN push.google_row.is_reserved IS 'The code was given to a row of the tab, and the row is made when the tab is seen to carry it.';

CREATE TABLE push.google_sheet (
    google_sheet_id bigint NOT NULL,
    spreadsheet text NOT NULL,
    worksheet text NOT NULL,
    token bigint DEFAULT 0 NOT NULL,
    pending jsonb,
    headers jsonb DEFAULT '{}'::jsonb NOT NULL,
    last_sync jsonb
);

COMMENT ON TABLE push.google_sheet IS 'A tab of Google Sheets that is kept in step with the sheet page.';

COMMENT ON COLUMN push.google_sheet.token IS 'Number of the last write that was begun; the tab carries the number of the last one that Google took.';

COMMENT ON COLUMN push.google_sheet.pending IS 'The write that was begun and not yet confirmed: its cells and the codes that it gives to new rows.';

COMMENT ON COLUMN push.google_sheet.headers IS 'Column key -> where its header stood and what it said when it was last seen.';

COMMENT ON COLUMN push.google_sheet.last_sync IS 'What the last sync did, for the page.';

ALTER TABLE push.google_sheet ALTER COLUMN google_sheet_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.google_sheet_google_sheet_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE push.installation (
    installation_id text NOT NULL,
    user_id bigint,
    provider text NOT NULL,
    address_kind text NOT NULL,
    address text NOT NULL,
    platform text NOT NULL,
    app_version text,
    is_active boolean DEFAULT true NOT NULL,
    closed_reason text,
    last_seen_at timestamp with time zone,
    changed_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE push.installation IS 'One app install with one push address; user_id is null while nobody is logged in.';

CREATE TABLE push.language (
    language_id smallint NOT NULL,
    locale text NOT NULL,
    CONSTRAINT locale_is_normal CHECK ((locale = lower(replace(locale, '_'::text, '-'::text))))
);

COMMENT ON TABLE push.language IS 'Locales seen on people (ru, ru-kz, kk ...) by small number; a recipient without one has 0.';

ALTER TABLE push.language ALTER COLUMN language_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.language_language_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE push.offer ALTER COLUMN offer_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.offer_offer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE push.pause ALTER COLUMN pause_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.pause_pause_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE push.person (
    user_id bigint NOT NULL,
    language text,
    zone text,
    weekly_limit smallint,
    is_erased boolean DEFAULT false NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT user_id_is_positive CHECK ((user_id > 0)),
    CONSTRAINT weekly_limit_is_not_negative CHECK ((weekly_limit >= 0))
);

COMMENT ON TABLE push.person IS 'One row a user, as the company told us; language and zone as written there.';

CREATE TABLE push.policy (
    policy_id integer NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    made_by text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    quiet_from time without time zone,
    quiet_until time without time zone,
    minimum_gap interval,
    CONSTRAINT minimum_gap_is_positive CHECK ((minimum_gap > '00:00:00'::interval)),
    CONSTRAINT quiet_hours_are_not_empty CHECK ((quiet_from <> quiet_until)),
    CONSTRAINT quiet_hours_have_both_ends CHECK (((quiet_from IS NULL) = (quiet_until IS NULL)))
);

COMMENT ON TABLE push.policy IS 'The policy in force at a moment is the one with the latest valid_from not after it.';

COMMENT ON COLUMN push.policy.quiet_from IS 'Quiet hours [from, until) on the user''s own clock; they may pass midnight.';

COMMENT ON COLUMN push.policy.minimum_gap IS 'Between any two counted pushes of a user.';

ALTER TABLE push.policy ALTER COLUMN policy_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.policy_policy_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW push.push AS
 SELECT push.push_id(b.run_id, NULLIF(p.user_id, 0)) AS push_id,
    b.run_id,
    NULLIF(p.user_id, 0) AS user_id,
    b.run_day,
    b.batch_id,
    (p."position")::smallint AS "position",
    b.bucket,
    b.variant,
    b.language,
    b.class,
    b.lane,
    b.not_before,
    push.name_state(b.status, b.states[p."position"]) AS state
   FROM (push.send_batch b
     CROSS JOIN LATERAL unnest(b.users) WITH ORDINALITY p(user_id, "position"));

COMMENT ON VIEW push.push IS 'One row a push: who, in which batch, and in which state.';

CREATE TABLE push.quarantine (
    quarantine_id bigint NOT NULL,
    source text NOT NULL,
    row_key text NOT NULL,
    reason text NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    solved_at timestamp with time zone
);

COMMENT ON TABLE push.quarantine IS 'Rows of the company that could not be taken, each with the reason; without the personal values themselves.';

ALTER TABLE push.quarantine ALTER COLUMN quarantine_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.quarantine_quarantine_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE push.reach_estimate (
    campaign_code text NOT NULL,
    state text NOT NULL,
    request_no integer DEFAULT 1 NOT NULL,
    requested_by text NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    beat_at timestamp with time zone,
    buckets_done integer DEFAULT 0 NOT NULL,
    buckets_total integer DEFAULT 0 NOT NULL,
    fault_code text DEFAULT ''::text NOT NULL,
    fault text DEFAULT ''::text NOT NULL,
    as_of timestamp with time zone,
    planned_for timestamp with time zone,
    version integer,
    content_hash text,
    audience integer,
    will_get integer,
    parts jsonb DEFAULT '[]'::jsonb NOT NULL,
    by_variant jsonb DEFAULT '{}'::jsonb NOT NULL,
    by_language jsonb DEFAULT '{}'::jsonb NOT NULL,
    takers jsonb,
    milliseconds integer,
    CONSTRAINT reach_ready_has_a_result CHECK (((state <> 'ready'::text) OR (as_of IS NOT NULL))),
    CONSTRAINT reach_result_is_whole CHECK ((((as_of IS NULL) AND (will_get IS NULL)) OR ((as_of IS NOT NULL) AND (planned_for IS NOT NULL) AND (version IS NOT NULL) AND (content_hash IS NOT NULL) AND (audience IS NOT NULL) AND (will_get IS NOT NULL)))),
    CONSTRAINT reach_state_is_known CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'ready'::text, 'failed'::text, 'cancelled'::text])))
);

COMMENT ON TABLE push.reach_estimate IS 'One row a brief: the request that counts it now and the last numbers that were counted; a new request keeps them until it is ready.';

COMMENT ON COLUMN push.reach_estimate.request_no IS 'Grows with each request. Whoever counts for an older one writes nothing more.';

COMMENT ON COLUMN push.reach_estimate.beat_at IS 'Server clock of the last sign of life of whoever counts; when it is old, somebody else counts anew.';

COMMENT ON COLUMN push.reach_estimate.fault_code IS 'Set when the page has this sentence in every language; fault is its English text.';

COMMENT ON COLUMN push.reach_estimate.planned_for IS 'The moment of sending for which it was decided who gets it.';

COMMENT ON COLUMN push.reach_estimate.parts IS 'Who is left out, in the order of judging: [{"reason", "rule_no", "rule_title", "users"}]; audience = will_get + their users.';

COMMENT ON COLUMN push.reach_estimate.by_variant IS 'will_get by number of the variant, 0 = A.';

COMMENT ON COLUMN push.reach_estimate.takers IS 'Per cap, gap or own limit that stops people: which runs hold slots of this audience. Null until counted; each says whether it is a sample.';

CREATE VIEW push.reader_risk AS
 SELECT oid,
    proname AS name,
    proowner AS owner,
    (EXISTS ( SELECT
           FROM aclexplode(COALESCE(p.proacl, acldefault('f'::"char", p.proowner))) a(grantor, grantee, privilege_type, is_grantable)
          WHERE ((a.grantee = (0)::oid) AND (a.privilege_type = 'EXECUTE'::text)))) AS is_public,
    has_function_privilege('pushline_audience'::name, oid, 'EXECUTE'::text) AS is_open_to_reader
   FROM pg_proc p
  WHERE ((pronamespace = ('pg_catalog'::regnamespace)::oid) AND ((proname ~ '^(pg_(try_)?advisory_.*|pg_notify|set_config|pg_sleep.*|pg_(terminate|cancel)_backend)$'::text) OR (proname ~ '^(pg_export_snapshot|pg_logical_emit_message|pg_read_.*|pg_ls_.*|pg_stat_file)$'::text) OR (proname ~ '^((query|table|schema|database|cursor)_to_xml.*|lowrite|loread)$'::text) OR (proname ~ '^lo_(create|creat|from_bytea|put|import|export|unlink|open|get|truncate.*)$'::text)));

COMMENT ON VIEW push.reader_risk IS 'Functions of the server that the audience role must not have.';

CREATE TABLE push.recipient (
    bucket smallint NOT NULL,
    zone_id smallint DEFAULT 0 NOT NULL,
    language_id smallint DEFAULT 0 NOT NULL,
    consents smallint DEFAULT 0 NOT NULL,
    weekly_limit smallint,
    user_id bigint NOT NULL,
    is_reachable boolean DEFAULT false NOT NULL,
    is_control boolean DEFAULT false NOT NULL,
    is_erased boolean DEFAULT false NOT NULL,
    CONSTRAINT recipient_bucket_is_right CHECK ((bucket = push.bucket_of(user_id)))
)
PARTITION BY LIST (bucket);

COMMENT ON TABLE push.recipient IS 'All that the planner must know of a user; written in the same transaction as person, consent and installation.';

COMMENT ON COLUMN push.recipient.consents IS 'Bits: 1 = marketing, 2 = service.';

COMMENT ON COLUMN push.recipient.weekly_limit IS 'The user''s own limit per rolling 7 days over all counted classes; null = none.';

ALTER TABLE push.run ALTER COLUMN run_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.run_run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE push.run_text (
    run_id bigint NOT NULL,
    variant smallint NOT NULL,
    language text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    link text DEFAULT ''::text NOT NULL,
    image_url text DEFAULT ''::text NOT NULL
);

COMMENT ON TABLE push.run_text IS 'Shared content of the run''s batches: Liquid texts, the link already tagged with UTM.';

CREATE TABLE push.run_throttle (
    run_id bigint NOT NULL,
    free_at timestamp with time zone[] DEFAULT '{}'::timestamp with time zone[] NOT NULL,
    pushes integer[] DEFAULT '{}'::integer[] NOT NULL
);

COMMENT ON TABLE push.run_throttle IS 'Of a run with a throttle: what was claimed in the last minute. The row is also the lock that keeps two takers from claiming past the throttle.';

COMMENT ON COLUMN push.run_throttle.free_at IS 'When each claim no longer counts: a minute later, or as many as the claim is bigger than the throttle.';

COMMENT ON COLUMN push.run_throttle.pushes IS 'Pushes of each claim.';

CREATE TABLE push.set_aside (
    run_id bigint NOT NULL,
    bucket smallint DEFAULT '-1'::integer NOT NULL,
    failed_at timestamp with time zone NOT NULL,
    error text NOT NULL
);

COMMENT ON TABLE push.set_aside IS 'What failed in a run (bucket -1: before any bucket); resuming the run clears it.';

CREATE TABLE push.setting (
    is_only_row boolean DEFAULT true NOT NULL,
    bucket_count smallint NOT NULL,
    project_zone text DEFAULT 'Asia/Almaty'::text NOT NULL,
    default_language text DEFAULT 'ru'::text NOT NULL,
    late_by interval DEFAULT '01:00:00'::interval NOT NULL,
    moment_step interval DEFAULT '00:15:00'::interval NOT NULL,
    batch_size integer DEFAULT 1000 NOT NULL,
    longest_deferral interval DEFAULT '28 days'::interval NOT NULL,
    batch_retention interval DEFAULT '62 days'::interval NOT NULL,
    block_retention interval DEFAULT '180 days'::interval NOT NULL,
    CONSTRAINT batch_size_fits CHECK (((batch_size >= 1) AND (batch_size <= 1000))),
    CONSTRAINT block_retention_is_positive CHECK ((block_retention > '00:00:00'::interval)),
    CONSTRAINT bucket_count_is_power_of_two CHECK ((((bucket_count >= 1) AND (bucket_count <= 1024)) AND (((bucket_count)::integer & (bucket_count - 1)) = 0))),
    CONSTRAINT setting_has_one_row CHECK (is_only_row)
);

COMMENT ON TABLE push.setting IS 'One row: what holds for the whole installation.';

COMMENT ON COLUMN push.setting.late_by IS 'A batch may leave at most this long after its not_before, else it expires.';

COMMENT ON COLUMN push.setting.moment_step IS 'Computed moments (local hour, deferral, end of quiet hours) are rounded up to this step.';

COMMENT ON COLUMN push.setting.batch_retention IS 'At least the longest cap window + longest deferral + 2 days.';

COMMENT ON COLUMN push.setting.block_retention IS 'How long after its deadline a run''s audience and decisions are kept user by user; its numbers stay.';

CREATE VIEW push.sheet_brief AS
 SELECT b.brief_id,
    b.campaign_code,
    b.status,
    b.current_version AS version,
    b.notes,
    b.created_by,
    b.created_at,
    b.changed_at,
    v.content,
    v.content_hash,
    v.edited_by,
    v.edited_at,
    a.approval_id,
    a.approved_by,
    a.approved_at,
    a.reach_expected,
    a.reach_low,
    a.reach_high,
    concat_ws(' '::text, b.status, b.current_version, EXTRACT(epoch FROM b.changed_at), a.approval_id, md5((b.notes)::text)) AS mark
   FROM ((push.brief b
     JOIN push.brief_version v ON (((b.brief_id = v.brief_id) AND (b.current_version = v.version))))
     LEFT JOIN push.approval a ON (((a.source_kind = 'brief'::text) AND (b.brief_id = a.source_id) AND (v.version = a.version) AND (a.withdrawn_at IS NULL))));

COMMENT ON VIEW push.sheet_brief IS 'Briefs beside the rows of the sheet; mark tells whether a row knows the brief as it is.';

CREATE TABLE push.sheet_change (
    revision bigint NOT NULL,
    campaign_code text NOT NULL,
    column_key text NOT NULL,
    old_text text NOT NULL,
    new_text text NOT NULL,
    who text NOT NULL,
    happened_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE push.sheet_change IS 'Every change of a cell, good or red. All changes of a row together are its cells.';

CREATE TABLE push.sheet_clock (
    only_row boolean DEFAULT true NOT NULL,
    revision bigint DEFAULT 0 NOT NULL,
    CONSTRAINT sheet_clock_is_one_row CHECK (only_row)
);

COMMENT ON TABLE push.sheet_clock IS 'Locked by every save of the sheet: revisions are committed in their order, so whoever asks for all since one misses nothing.';

CREATE TABLE push.sheet_row (
    campaign_code text NOT NULL,
    cells jsonb DEFAULT '{}'::jsonb NOT NULL,
    cell_revisions jsonb DEFAULT '{}'::jsonb NOT NULL,
    revision bigint NOT NULL,
    brief_version integer,
    brief_cells jsonb DEFAULT '{}'::jsonb NOT NULL,
    brief_mark text,
    writers text[] DEFAULT '{}'::text[] NOT NULL,
    problems jsonb DEFAULT '[]'::jsonb NOT NULL,
    checked_at timestamp with time zone,
    checked_by_rules text DEFAULT ''::text NOT NULL,
    check_again_at timestamp with time zone,
    created_by text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    changed_by text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    removed_at timestamp with time zone,
    removed_by text,
    CONSTRAINT removal_has_a_name CHECK (((removed_at IS NULL) = (removed_by IS NULL))),
    CONSTRAINT sheet_cells_are_an_object CHECK ((jsonb_typeof(cells) = 'object'::text)),
    CONSTRAINT sheet_row_code_has_its_form CHECK ((campaign_code ~ '^C-\d{4}-\d{3,}$'::text))
);

COMMENT ON TABLE push.sheet_row IS 'One row of the page: cells as typed. What is good in it is saved as its brief at once.';

COMMENT ON COLUMN push.sheet_row.cells IS 'Column key -> text as people typed it; an empty cell is left out.';

COMMENT ON COLUMN push.sheet_row.cell_revisions IS 'Column key -> revision of its last change; kept when the cell is emptied.';

COMMENT ON COLUMN push.sheet_row.brief_version IS 'The version of the brief that says what these cells say; null: they say something else, or nothing good was saved yet.';

COMMENT ON COLUMN push.sheet_row.brief_cells IS 'The brief as cells, as this row last saw it: tells what was edited elsewhere.';

COMMENT ON COLUMN push.sheet_row.brief_mark IS 'push.sheet_brief.mark as this row last saw it.';

COMMENT ON COLUMN push.sheet_row.writers IS 'Who typed what no version has yet: they become its editors, who may not approve it.';

CREATE VIEW push.sheet_utm AS
 SELECT r.campaign_code,
    btrim((r.cells ->> 'utm_campaign'::text)) AS name
   FROM (push.sheet_row r
     LEFT JOIN push.brief b ON ((r.campaign_code = b.campaign_code)))
  WHERE ((r.removed_at IS NULL) AND (b.status IS DISTINCT FROM 'cancelled'::text));

COMMENT ON VIEW push.sheet_utm IS 'The utm_campaign of each row of the sheet that may still be sent, or was.';

CREATE TABLE push.sync_state (
    source text NOT NULL,
    synced_until timestamp with time zone NOT NULL
);

COMMENT ON TABLE push.sync_state IS 'How far each source of people was read: the next sync takes what changed since.';

ALTER TABLE push.trigger_rule ALTER COLUMN trigger_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.trigger_rule_trigger_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE push.wave (
    wave_id bigint NOT NULL,
    lane push.lane NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    dag_id text,
    dag_run_id text
);

COMMENT ON TABLE push.wave IS 'All approved runs that were due at one tick, planned together by priority.';

COMMENT ON COLUMN push.wave.dag_run_id IS 'The Airflow run that planned it, so that its page can show the funnels; null when a command did.';

ALTER TABLE push.wave ALTER COLUMN wave_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME push.wave_wave_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE push.zone (
    zone_id smallint NOT NULL,
    name text NOT NULL,
    is_used boolean DEFAULT false NOT NULL
);

COMMENT ON TABLE push.zone IS 'Time zones by small number; 0 means missing or invalid: the zone of the project holds.';

COMMENT ON COLUMN push.zone.is_used IS 'Whether a recipient lives here; whoever writes recipients sets it, so that planning need not look at 600 zones.';

ALTER TABLE ONLY push.approval
    ADD CONSTRAINT approval_pkey PRIMARY KEY (approval_id);

ALTER TABLE ONLY push.audience_block
    ADD CONSTRAINT audience_block_pkey PRIMARY KEY (run_id, bucket);

ALTER TABLE ONLY push.audience_field
    ADD CONSTRAINT audience_field_pkey PRIMARY KEY (run_id, bucket);

ALTER TABLE ONLY push.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY (audit_id);

ALTER TABLE ONLY push.brief
    ADD CONSTRAINT brief_campaign_code_key UNIQUE (campaign_code);

ALTER TABLE ONLY push.brief_history
    ADD CONSTRAINT brief_history_pkey PRIMARY KEY (history_id);

ALTER TABLE ONLY push.brief_number
    ADD CONSTRAINT brief_number_pkey PRIMARY KEY (year);

ALTER TABLE ONLY push.brief
    ADD CONSTRAINT brief_pkey PRIMARY KEY (brief_id);

ALTER TABLE ONLY push.brief_text
    ADD CONSTRAINT brief_text_pkey PRIMARY KEY (brief_id, version, variant, language);

ALTER TABLE ONLY push.brief_version
    ADD CONSTRAINT brief_version_pkey PRIMARY KEY (brief_id, version);

ALTER TABLE ONLY push.bucket_lock
    ADD CONSTRAINT bucket_lock_pkey PRIMARY KEY (bucket);

ALTER TABLE ONLY push.cap_rule
    ADD CONSTRAINT cap_rule_pkey PRIMARY KEY (policy_id, rule_no);

ALTER TABLE ONLY push.check_result
    ADD CONSTRAINT check_result_pkey PRIMARY KEY (check_result_id);

ALTER TABLE ONLY push.consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (user_id, purpose, changed_at);

ALTER TABLE ONLY push.control_group
    ADD CONSTRAINT control_group_pkey PRIMARY KEY (control_group_id);

ALTER TABLE ONLY push.control_member
    ADD CONSTRAINT control_member_pkey PRIMARY KEY (user_id, control_group_id);

ALTER TABLE ONLY push.decision_block
    ADD CONSTRAINT decision_block_pkey PRIMARY KEY (run_id, bucket, reason, rule_no);

ALTER TABLE ONLY push.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (event_day, insert_id);

ALTER TABLE ONLY push.google_row
    ADD CONSTRAINT google_row_pkey PRIMARY KEY (google_sheet_id, campaign_code);

ALTER TABLE ONLY push.google_sheet
    ADD CONSTRAINT google_sheet_once UNIQUE (spreadsheet, worksheet);

ALTER TABLE ONLY push.google_sheet
    ADD CONSTRAINT google_sheet_pkey PRIMARY KEY (google_sheet_id);

ALTER TABLE ONLY push.installation
    ADD CONSTRAINT installation_pkey PRIMARY KEY (installation_id);

ALTER TABLE ONLY push.language
    ADD CONSTRAINT language_locale_key UNIQUE (locale);

ALTER TABLE ONLY push.language
    ADD CONSTRAINT language_pkey PRIMARY KEY (language_id);

ALTER TABLE ONLY push.offer
    ADD CONSTRAINT offer_key UNIQUE (team, occasion_key);

ALTER TABLE ONLY push.offer
    ADD CONSTRAINT offer_pkey PRIMARY KEY (offer_id);

ALTER TABLE ONLY push.offering_team
    ADD CONSTRAINT offering_team_pkey PRIMARY KEY (team, role);

ALTER TABLE ONLY push.outcome
    ADD CONSTRAINT outcome_pkey PRIMARY KEY (run_day, batch_id, "position", installation_id, attempt);

ALTER TABLE ONLY push.pause
    ADD CONSTRAINT pause_pkey PRIMARY KEY (pause_id);

ALTER TABLE ONLY push.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY push.policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (policy_id);

ALTER TABLE ONLY push.policy
    ADD CONSTRAINT policy_valid_from_is_unique UNIQUE (valid_from);

ALTER TABLE ONLY push.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (quarantine_id);

ALTER TABLE ONLY push.reach_estimate
    ADD CONSTRAINT reach_estimate_pkey PRIMARY KEY (campaign_code);

ALTER TABLE ONLY push.reason
    ADD CONSTRAINT reason_code_key UNIQUE (code);

ALTER TABLE ONLY push.reason
    ADD CONSTRAINT reason_pkey PRIMARY KEY (reason);

ALTER TABLE ONLY push.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (run_day, batch_id, "position", kind, insert_id);

ALTER TABLE ONLY push.recipient
    ADD CONSTRAINT recipient_pkey PRIMARY KEY (bucket, user_id);

ALTER TABLE ONLY push.run_bucket
    ADD CONSTRAINT run_bucket_pkey PRIMARY KEY (run_id, bucket);

ALTER TABLE ONLY push.run
    ADD CONSTRAINT run_key UNIQUE (source_kind, source_id, occasion);

ALTER TABLE ONLY push.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (run_id);

ALTER TABLE ONLY push.run_text
    ADD CONSTRAINT run_text_pkey PRIMARY KEY (run_id, variant, language);

ALTER TABLE ONLY push.run_throttle
    ADD CONSTRAINT run_throttle_pkey PRIMARY KEY (run_id);

ALTER TABLE ONLY push.run_total
    ADD CONSTRAINT run_total_pkey PRIMARY KEY (run_id);

ALTER TABLE ONLY push.send_batch
    ADD CONSTRAINT send_batch_pkey PRIMARY KEY (run_day, batch_id);

ALTER TABLE ONLY push.set_aside
    ADD CONSTRAINT set_aside_pkey PRIMARY KEY (run_id, bucket);

ALTER TABLE ONLY push.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (is_only_row);

ALTER TABLE ONLY push.sheet_change
    ADD CONSTRAINT sheet_change_pkey PRIMARY KEY (campaign_code, revision, column_key);

ALTER TABLE ONLY push.sheet_clock
    ADD CONSTRAINT sheet_clock_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY push.sheet_row
    ADD CONSTRAINT sheet_row_pkey PRIMARY KEY (campaign_code);

ALTER TABLE ONLY push.sync_state
    ADD CONSTRAINT sync_state_pkey PRIMARY KEY (source);

ALTER TABLE ONLY push.trigger_rule
    ADD CONSTRAINT trigger_rule_name_key UNIQUE (name);

ALTER TABLE ONLY push.trigger_rule
    ADD CONSTRAINT trigger_rule_pkey PRIMARY KEY (trigger_id);

ALTER TABLE ONLY push.trigger_rule_version
    ADD CONSTRAINT trigger_rule_version_pkey PRIMARY KEY (trigger_id, version);

ALTER TABLE ONLY push.wave
    ADD CONSTRAINT wave_pkey PRIMARY KEY (wave_id);

ALTER TABLE ONLY push.zone
    ADD CONSTRAINT zone_name_key UNIQUE (name);

ALTER TABLE ONLY push.zone
    ADD CONSTRAINT zone_pkey PRIMARY KEY (zone_id);

CREATE UNIQUE INDEX approval_one_live_idx ON push.approval USING btree (source_kind, source_id, version) WHERE (withdrawn_at IS NULL);

CREATE INDEX audit_log_run_idx ON push.audit_log USING btree (run_id);

CREATE INDEX brief_history_brief_idx ON push.brief_history USING btree (brief_id, history_id);

CREATE INDEX brief_status_idx ON push.brief USING btree (status);

CREATE INDEX brief_version_hash_idx ON push.brief_version USING btree (content_hash);

CREATE INDEX check_result_name_idx ON push.check_result USING btree (check_name, checked_at DESC);

CREATE UNIQUE INDEX installation_one_live_owner_per_address ON push.installation USING btree (address_kind, address) WHERE is_active;

CREATE INDEX installation_user_idx ON push.installation USING btree (user_id) WHERE (user_id IS NOT NULL);

CREATE UNIQUE INDEX pause_once_idx ON push.pause USING btree (scope, lane, run_id) NULLS NOT DISTINCT WHERE (resumed_at IS NULL);

CREATE UNIQUE INDEX quarantine_open_idx ON push.quarantine USING btree (source, row_key, reason) WHERE (solved_at IS NULL);

CREATE UNIQUE INDEX reach_one_running_idx ON push.reach_estimate USING btree ((true)) WHERE (state = 'running'::text);

CREATE INDEX receipt_opened_idx ON ONLY push.receipt USING btree (run_day, batch_id, "position") WHERE (kind = 'opened'::text);

CREATE INDEX run_cancelled_idx ON push.run USING btree (expires_at) WHERE (status = 'cancelled'::text);

CREATE INDEX run_due_idx ON push.run USING btree (due_at) WHERE (status = ANY (ARRAY['waiting'::text, 'held'::text, 'planning'::text, 'set_aside'::text]));

CREATE INDEX run_source_idx ON push.run USING btree (source_kind, source_id, occasion DESC);

CREATE INDEX run_throttle_idx ON push.run USING btree (expires_at) WHERE (throttle IS NOT NULL);

CREATE INDEX run_unclosed_idx ON push.run USING btree (run_id) WHERE ((status = ANY (ARRAY['cancelled'::text, 'expired'::text])) AND (closed_at IS NULL));

CREATE INDEX send_batch_claim_idx ON ONLY push.send_batch USING btree (lane, not_before, batch_id) WHERE (status = 'waiting'::text);

CREATE INDEX send_batch_large_idx ON ONLY push.send_batch USING btree (bucket, not_before) WHERE (holds_slots AND (user_count > 8));

CREATE INDEX send_batch_lease_idx ON ONLY push.send_batch USING btree (lease_until) WHERE (status = 'claimed'::text);

CREATE INDEX send_batch_ledger_idx ON ONLY push.send_batch USING btree (bucket, not_before);

CREATE INDEX send_batch_run_idx ON ONLY push.send_batch USING btree (run_id);

CREATE INDEX send_batch_small_idx ON ONLY push.send_batch USING btree (bucket, not_before) INCLUDE (users, class, is_counted, tags) WHERE (holds_slots AND (user_count <= 8));

CREATE INDEX sheet_row_revision_idx ON push.sheet_row USING btree (revision);

CREATE INDEX sheet_row_utm_idx ON push.sheet_row USING btree (btrim((cells ->> 'utm_campaign'::text))) WHERE (removed_at IS NULL);

CREATE INDEX wave_dag_run_idx ON push.wave USING btree (dag_id, dag_run_id) WHERE (dag_run_id IS NOT NULL);

CREATE CONSTRAINT TRIGGER approval_needs_four_eyes AFTER INSERT ON push.approval NOT DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW EXECUTE FUNCTION push.refuse_own_approval();

CREATE TRIGGER approval_only_withdraws BEFORE DELETE OR UPDATE ON push.approval FOR EACH ROW EXECUTE FUNCTION push.refuse_changed_approval();

CREATE TRIGGER brief_history_never_changes BEFORE DELETE OR UPDATE ON push.brief_history FOR EACH ROW EXECUTE FUNCTION push.refuse_rewritten_brief();

CREATE TRIGGER brief_text_is_frozen_by_approval BEFORE INSERT ON push.brief_text FOR EACH ROW EXECUTE FUNCTION push.refuse_late_text();

CREATE TRIGGER brief_text_never_changes BEFORE DELETE OR UPDATE ON push.brief_text FOR EACH ROW EXECUTE FUNCTION push.refuse_rewritten_brief();

CREATE TRIGGER brief_version_never_changes BEFORE DELETE OR UPDATE ON push.brief_version FOR EACH ROW EXECUTE FUNCTION push.refuse_rewritten_brief();

CREATE TRIGGER cap_rule_fits_retention BEFORE INSERT ON push.cap_rule FOR EACH ROW EXECUTE FUNCTION push.refuse_long_window();

CREATE TRIGGER cap_rule_never_changes BEFORE DELETE OR UPDATE ON push.cap_rule FOR EACH ROW EXECUTE FUNCTION push.refuse_change();

CREATE TRIGGER page_approves_briefs_only BEFORE INSERT OR UPDATE ON push.approval FOR EACH ROW WHEN (((CURRENT_USER = 'pushline_page'::name) AND (new.source_kind <> 'brief'::text))) EXECUTE FUNCTION push.refuse_approval_of_page();

CREATE CONSTRAINT TRIGGER page_keeps_no_audience AFTER INSERT OR UPDATE ON push.audience_block DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((CURRENT_USER = 'pushline_page'::name)) EXECUTE FUNCTION push.refuse_kept_trial();

CREATE CONSTRAINT TRIGGER page_keeps_no_run AFTER INSERT OR UPDATE ON push.run DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((CURRENT_USER = 'pushline_page'::name)) EXECUTE FUNCTION push.refuse_kept_trial();

CREATE CONSTRAINT TRIGGER page_keeps_no_run_text AFTER INSERT OR UPDATE ON push.run_text DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((CURRENT_USER = 'pushline_page'::name)) EXECUTE FUNCTION push.refuse_kept_trial();

CREATE TRIGGER policy_never_changes BEFORE DELETE OR UPDATE ON push.policy FOR EACH ROW EXECUTE FUNCTION push.refuse_change();

CREATE TRIGGER sheet_change_never_changes BEFORE DELETE OR UPDATE ON push.sheet_change FOR EACH ROW EXECUTE FUNCTION push.refuse_rewritten_brief();

CREATE TRIGGER trigger_rule_version_never_changes BEFORE DELETE OR UPDATE ON push.trigger_rule_version FOR EACH ROW EXECUTE FUNCTION push.refuse_change();

ALTER TABLE ONLY push.audience_block
    ADD CONSTRAINT audience_block_run_id_fkey FOREIGN KEY (run_id) REFERENCES push.run(run_id);

ALTER TABLE ONLY push.audience_field
    ADD CONSTRAINT audience_field_run_id_bucket_fkey FOREIGN KEY (run_id, bucket) REFERENCES push.audience_block(run_id, bucket);

ALTER TABLE ONLY push.brief
    ADD CONSTRAINT brief_current_version_exists FOREIGN KEY (brief_id, current_version) REFERENCES push.brief_version(brief_id, version) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY push.brief_history
    ADD CONSTRAINT brief_history_brief_id_fkey FOREIGN KEY (brief_id) REFERENCES push.brief(brief_id);

ALTER TABLE ONLY push.brief_text
    ADD CONSTRAINT brief_text_brief_id_version_fkey FOREIGN KEY (brief_id, version) REFERENCES push.brief_version(brief_id, version);

ALTER TABLE ONLY push.brief_version
    ADD CONSTRAINT brief_version_brief_id_fkey FOREIGN KEY (brief_id) REFERENCES push.brief(brief_id);

ALTER TABLE ONLY push.cap_rule
    ADD CONSTRAINT cap_rule_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES push.policy(policy_id);

ALTER TABLE ONLY push.control_member
    ADD CONSTRAINT control_member_control_group_id_fkey FOREIGN KEY (control_group_id) REFERENCES push.control_group(control_group_id);

ALTER TABLE ONLY push.decision_block
    ADD CONSTRAINT decision_block_reason_fkey FOREIGN KEY (reason) REFERENCES push.reason(reason);

ALTER TABLE ONLY push.decision_block
    ADD CONSTRAINT decision_block_run_id_fkey FOREIGN KEY (run_id) REFERENCES push.run(run_id);

ALTER TABLE ONLY push.google_row
    ADD CONSTRAINT google_row_google_sheet_id_fkey FOREIGN KEY (google_sheet_id) REFERENCES push.google_sheet(google_sheet_id) ON DELETE CASCADE;

ALTER TABLE ONLY push.pause
    ADD CONSTRAINT pause_run_id_fkey FOREIGN KEY (run_id) REFERENCES push.run(run_id) ON DELETE CASCADE;

ALTER TABLE ONLY push.run_bucket
    ADD CONSTRAINT run_bucket_policy_id_fkey FOREIGN KEY (policy_id) REFERENCES push.policy(policy_id);

ALTER TABLE ONLY push.run_bucket
    ADD CONSTRAINT run_bucket_run_id_fkey FOREIGN KEY (run_id) REFERENCES push.run(run_id);

ALTER TABLE ONLY push.run_text
    ADD CONSTRAINT run_text_run_id_fkey FOREIGN KEY (run_id) REFERENCES push.run(run_id);

ALTER TABLE ONLY push.run_throttle
    ADD CONSTRAINT run_throttle_run_id_fkey FOREIGN KEY (run_id) REFERENCES push.run(run_id) ON DELETE CASCADE;

ALTER TABLE ONLY push.run_total
    ADD CONSTRAINT run_total_run_id_fkey FOREIGN KEY (run_id) REFERENCES push.run(run_id);

ALTER TABLE ONLY push.run
    ADD CONSTRAINT run_wave_id_fkey FOREIGN KEY (wave_id) REFERENCES push.wave(wave_id);

ALTER TABLE ONLY push.set_aside
    ADD CONSTRAINT set_aside_run_id_fkey FOREIGN KEY (run_id) REFERENCES push.run(run_id);

ALTER TABLE ONLY push.trigger_rule_version
    ADD CONSTRAINT trigger_rule_version_trigger_id_fkey FOREIGN KEY (trigger_id) REFERENCES push.trigger_rule(trigger_id);

ALTER TABLE push.audience_field ENABLE ROW LEVEL SECURITY;

CREATE POLICY fields_are_the_planners ON push.audience_field TO pushline_planner USING (true) WITH CHECK (true);

GRANT USAGE ON SCHEMA push TO pushline_planner;
GRANT USAGE ON SCHEMA push TO pushline_sender;
GRANT USAGE ON SCHEMA push TO pushline_producer;
GRANT USAGE ON SCHEMA push TO pushline_bi;
GRANT USAGE ON SCHEMA push TO pushline_page;

REVOKE ALL ON FUNCTION push.begin(batch_id bigint, fence integer, positions smallint[], at timestamp with time zone, OUT may_leave smallint[], OUT refused_because text) FROM PUBLIC;
GRANT ALL ON FUNCTION push.begin(batch_id bigint, fence integer, positions smallint[], at timestamp with time zone, OUT may_leave smallint[], OUT refused_because text) TO pushline_sender;

REVOKE ALL ON FUNCTION push.bucket_within(user_id bigint, old_bucket smallint, bucket_count integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION push.cancel_runs(run_ids bigint[], lane push.lane, who text, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION push.cancel_runs(run_ids bigint[], lane push.lane, who text, at timestamp with time zone) TO pushline_planner;
GRANT ALL ON FUNCTION push.cancel_runs(run_ids bigint[], lane push.lane, who text, at timestamp with time zone) TO pushline_page;

REVOKE ALL ON FUNCTION push.check_offer(team text, occasion_key text, class push.class, lane push.lane, user_ids bigint[], content jsonb, not_before timestamp with time zone, expires_at timestamp with time zone, moment timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION push.writes_queue() FROM PUBLIC;

REVOKE ALL ON FUNCTION push.check_team(team text, class push.class) FROM PUBLIC;

REVOKE ALL ON FUNCTION push.claim(worker text, lanes push.lane[], max_batches integer, lease interval, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION push.claim(worker text, lanes push.lane[], max_batches integer, lease interval, at timestamp with time zone) TO pushline_sender;

REVOKE ALL ON FUNCTION push.close_bucket(run_id bigint, bucket smallint, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION push.close_bucket(run_id bigint, bucket smallint, at timestamp with time zone) TO pushline_planner;
GRANT ALL ON FUNCTION push.close_bucket(run_id bigint, bucket smallint, at timestamp with time zone) TO pushline_page;

REVOKE ALL ON FUNCTION push.close_run(run_id bigint, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION push.close_run(run_id bigint, at timestamp with time zone) TO pushline_planner;
GRANT ALL ON FUNCTION push.close_run(run_id bigint, at timestamp with time zone) TO pushline_page;

GRANT SELECT ON TABLE push.outcome TO pushline_planner;
GRANT SELECT ON TABLE push.outcome TO pushline_page;

REVOKE ALL ON FUNCTION push.close_states(run_day date, batch_id bigint, states smallint[], user_count integer, ending smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION push.close_states(run_day date, batch_id bigint, states smallint[], user_count integer, ending smallint) TO pushline_planner;

REVOKE ALL ON FUNCTION push.contain_audience_reader() FROM PUBLIC;

REVOKE ALL ON FUNCTION push.drop_oldest_partition(moment timestamp with time zone) FROM PUBLIC;

GRANT SELECT,INSERT ON TABLE push.audit_log TO pushline_planner;

REVOKE ALL ON FUNCTION push.dry_run_of(dag_id text, dag_run_id text) FROM PUBLIC;
GRANT ALL ON FUNCTION push.dry_run_of(dag_id text, dag_run_id text) TO pushline_page;
GRANT ALL ON FUNCTION push.dry_run_of(dag_id text, dag_run_id text) TO pushline_planner;

REVOKE ALL ON FUNCTION push.ended_answers(positions smallint[], outcomes smallint[], reasons text[], installation_ids text[], states smallint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION push.fields_at(fields text[], places integer[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION push.find_offer(team text, occasion_key text) FROM PUBLIC;

REVOKE ALL ON FUNCTION push.finish(batch_id bigint, fence integer, positions smallint[], outcomes smallint[], reasons text[], installation_ids text[], at timestamp with time zone, OUT changed integer, OUT is_done boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION push.finish(batch_id bigint, fence integer, positions smallint[], outcomes smallint[], reasons text[], installation_ids text[], at timestamp with time zone, OUT changed integer, OUT is_done boolean) TO pushline_sender;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE push.run TO pushline_planner;
GRANT SELECT ON TABLE push.run TO pushline_bi;
GRANT SELECT,INSERT ON TABLE push.run TO pushline_page;

GRANT UPDATE(snapshot_at) ON TABLE push.run TO pushline_page;

GRANT UPDATE(audience_rows) ON TABLE push.run TO pushline_page;

GRANT UPDATE(audience_users) ON TABLE push.run TO pushline_page;

GRANT SELECT,INSERT,UPDATE ON TABLE push.send_batch TO pushline_planner;

GRANT SELECT(run_day) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(batch_id) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(run_id) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(not_before) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(leave_by) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(done_at) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(user_count) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(class) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(lane) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(bucket) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(variant) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(is_counted) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(holds_slots) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(status) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(tags) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(users) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(states) ON TABLE push.send_batch TO pushline_page;

GRANT SELECT(state_counts) ON TABLE push.send_batch TO pushline_page;

REVOKE ALL ON FUNCTION push.give_back(run_days date[], batch_ids bigint[], moment timestamp with time zone, reason text) FROM PUBLIC;

GRANT SELECT ON TABLE push.pause TO pushline_planner;
GRANT SELECT ON TABLE push.pause TO pushline_page;

REVOKE ALL ON FUNCTION push.let_team_offer(team text, role text, may_be_transactional boolean) FROM PUBLIC;

REVOKE ALL ON FUNCTION push.list_stopped_runs(moment timestamp with time zone) FROM PUBLIC;

GRANT SELECT ON TABLE push.approval TO pushline_planner;
GRANT SELECT,INSERT ON TABLE push.approval TO pushline_page;

GRANT UPDATE(withdrawn_at) ON TABLE push.approval TO pushline_page;

GRANT UPDATE(withdrawn_by) ON TABLE push.approval TO pushline_page;

REVOKE ALL ON FUNCTION push.list_unapproved_runs(run_ids bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION push.list_unapproved_runs(run_ids bigint[]) TO pushline_planner;

GRANT SELECT ON TABLE push.brief_version TO pushline_planner;
GRANT SELECT,INSERT ON TABLE push.brief_version TO pushline_page;

GRANT SELECT ON TABLE push.trigger_rule_version TO pushline_planner;

REVOKE ALL ON FUNCTION push.list_writers(run_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION push.list_writers(run_id bigint) TO pushline_planner;

REVOKE ALL ON FUNCTION push.lock_batch(batch_id bigint, fence integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION push.offer(team text, occasion_key text, class push.class, lane push.lane, user_ids bigint[], content jsonb, not_before timestamp with time zone, expires_at timestamp with time zone, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION push.offer(team text, occasion_key text, class push.class, lane push.lane, user_ids bigint[], content jsonb, not_before timestamp with time zone, expires_at timestamp with time zone, at timestamp with time zone) TO pushline_producer;

REVOKE ALL ON FUNCTION push.offer_answer(team text, occasion_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION push.offer_answer(team text, occasion_key text) TO pushline_producer;
GRANT ALL ON FUNCTION push.offer_answer(team text, occasion_key text) TO pushline_planner;

REVOKE ALL ON FUNCTION push.offer_answer_users(team text, occasion_key text) FROM PUBLIC;
GRANT ALL ON FUNCTION push.offer_answer_users(team text, occasion_key text) TO pushline_producer;
GRANT ALL ON FUNCTION push.offer_answer_users(team text, occasion_key text) TO pushline_planner;

REVOKE ALL ON FUNCTION push.pause(who text, lane push.lane, run_id bigint, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION push.pause(who text, lane push.lane, run_id bigint, at timestamp with time zone) TO pushline_planner;
GRANT ALL ON FUNCTION push.pause(who text, lane push.lane, run_id bigint, at timestamp with time zone) TO pushline_page;

REVOKE ALL ON FUNCTION push.pick_due(lane push.lane, max_batches integer, moment timestamp with time zone, stopped_runs bigint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION push.queue_moment(at timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION push.rebucket(new_count integer, moment timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION push.rebucket_day(day date, old_count integer, new_count integer, moment timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION push.recover_expired_leases(at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION push.recover_expired_leases(at timestamp with time zone) TO pushline_sender;
GRANT ALL ON FUNCTION push.recover_expired_leases(at timestamp with time zone) TO pushline_planner;

REVOKE ALL ON FUNCTION push.release(batch_id bigint, fence integer, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION push.release(batch_id bigint, fence integer, at timestamp with time zone) TO pushline_sender;

REVOKE ALL ON FUNCTION push.renew(batch_id bigint, fence integer, lease interval, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION push.renew(batch_id bigint, fence integer, lease interval, at timestamp with time zone) TO pushline_sender;

REVOKE ALL ON FUNCTION push.resume(who text, lane push.lane, run_id bigint, at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION push.resume(who text, lane push.lane, run_id bigint, at timestamp with time zone) TO pushline_planner;
GRANT ALL ON FUNCTION push.resume(who text, lane push.lane, run_id bigint, at timestamp with time zone) TO pushline_page;

REVOKE ALL ON FUNCTION push.set_bucket_count(new_count integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION push.take_back_expired(moment timestamp with time zone) FROM PUBLIC;

REVOKE ALL ON FUNCTION push.tell_run_acts(brief_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION push.tell_run_acts(brief_id bigint) TO pushline_planner;
GRANT ALL ON FUNCTION push.tell_run_acts(brief_id bigint) TO pushline_page;

REVOKE ALL ON FUNCTION push.wait_for_begins(lane push.lane, run_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION push.wait_for_begins(lane push.lane, run_id bigint) TO pushline_planner;
GRANT ALL ON FUNCTION push.wait_for_begins(lane push.lane, run_id bigint) TO pushline_page;

GRANT SELECT ON TABLE push.reason TO pushline_planner;
GRANT SELECT ON TABLE push.reason TO pushline_bi;
GRANT SELECT ON TABLE push.reason TO pushline_page;

GRANT SELECT ON TABLE push.brief TO pushline_planner;
GRANT SELECT,INSERT ON TABLE push.brief TO pushline_page;

GRANT UPDATE(status) ON TABLE push.brief TO pushline_planner;
GRANT UPDATE(status) ON TABLE push.brief TO pushline_page;

GRANT UPDATE(current_version) ON TABLE push.brief TO pushline_page;

GRANT UPDATE(notes) ON TABLE push.brief TO pushline_page;

GRANT UPDATE(changed_at) ON TABLE push.brief TO pushline_planner;
GRANT UPDATE(changed_at) ON TABLE push.brief TO pushline_page;

GRANT SELECT ON TABLE push.offer TO pushline_planner;

GRANT SELECT ON TABLE push.trigger_rule TO pushline_planner;

GRANT SELECT ON TABLE push.cap_rule TO pushline_planner;
GRANT SELECT ON TABLE push.cap_rule TO pushline_bi;
GRANT SELECT ON TABLE push.cap_rule TO pushline_page;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE push.decision_block TO pushline_planner;

GRANT SELECT(run_id) ON TABLE push.decision_block TO pushline_page;

GRANT SELECT(bucket) ON TABLE push.decision_block TO pushline_page;

GRANT SELECT(reason) ON TABLE push.decision_block TO pushline_page;

GRANT SELECT(rule_no) ON TABLE push.decision_block TO pushline_page;

GRANT SELECT(user_count) ON TABLE push.decision_block TO pushline_page;

GRANT SELECT,INSERT ON TABLE push.run_bucket TO pushline_planner;
GRANT SELECT ON TABLE push.run_bucket TO pushline_bi;
GRANT SELECT ON TABLE push.run_bucket TO pushline_page;

GRANT SELECT ON TABLE push.receipt TO pushline_planner;
GRANT INSERT ON TABLE push.receipt TO pushline_sender;

GRANT SELECT(run_day) ON TABLE push.receipt TO pushline_page;

GRANT SELECT(batch_id) ON TABLE push.receipt TO pushline_page;

GRANT SELECT("position") ON TABLE push.receipt TO pushline_page;

GRANT SELECT(kind) ON TABLE push.receipt TO pushline_page;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE push.audience_block TO pushline_planner;
GRANT SELECT,INSERT ON TABLE push.audience_block TO pushline_page;

GRANT UPDATE(users) ON TABLE push.audience_block TO pushline_page;

GRANT UPDATE(excluded) ON TABLE push.audience_block TO pushline_page;

GRANT UPDATE(over_max) ON TABLE push.audience_block TO pushline_page;

GRANT SELECT ON TABLE push.batch_state_count TO pushline_planner;
GRANT SELECT ON TABLE push.batch_state_count TO pushline_bi;
GRANT SELECT ON TABLE push.batch_state_count TO pushline_page;

GRANT SELECT ON TABLE push.run_sum TO pushline_planner;
GRANT SELECT ON TABLE push.run_sum TO pushline_bi;
GRANT SELECT ON TABLE push.run_sum TO pushline_page;

GRANT SELECT,INSERT,UPDATE ON TABLE push.run_total TO pushline_planner;
GRANT SELECT ON TABLE push.run_total TO pushline_bi;
GRANT SELECT ON TABLE push.run_total TO pushline_page;

GRANT SELECT ON TABLE push.any_brief TO pushline_planner;
GRANT SELECT ON TABLE push.any_brief TO pushline_page;

GRANT SELECT ON TABLE push.approved_brief TO pushline_planner;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE push.audience_field TO pushline_planner;
GRANT SELECT ON TABLE push.audience_field TO pushline_page;

GRANT UPDATE(fields) ON TABLE push.audience_field TO pushline_page;

GRANT SELECT ON TABLE push.brief_history TO pushline_planner;
GRANT SELECT,INSERT ON TABLE push.brief_history TO pushline_page;

GRANT SELECT,INSERT ON TABLE push.brief_number TO pushline_page;

GRANT UPDATE(last_number) ON TABLE push.brief_number TO pushline_page;

GRANT SELECT ON TABLE push.brief_text TO pushline_planner;
GRANT SELECT,INSERT ON TABLE push.brief_text TO pushline_page;

GRANT SELECT,UPDATE ON TABLE push.bucket_lock TO pushline_planner;

GRANT SELECT,INSERT,DELETE ON TABLE push.check_result TO pushline_planner;
GRANT SELECT ON TABLE push.check_result TO pushline_bi;

GRANT SELECT,INSERT ON TABLE push.consent TO pushline_planner;

GRANT SELECT ON TABLE push.control_group TO pushline_planner;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE push.control_member TO pushline_planner;

GRANT SELECT ON TABLE push.decision TO pushline_planner;
GRANT SELECT ON TABLE push.decision TO pushline_bi;

GRANT SELECT,DELETE ON TABLE push.event TO pushline_planner;

GRANT SELECT ON TABLE push.google_row TO pushline_planner;
GRANT SELECT,INSERT,UPDATE ON TABLE push.google_row TO pushline_page;

GRANT SELECT ON TABLE push.google_sheet TO pushline_planner;
GRANT SELECT,INSERT,UPDATE ON TABLE push.google_sheet TO pushline_page;

GRANT SELECT,INSERT,UPDATE ON TABLE push.installation TO pushline_planner;

GRANT SELECT,INSERT ON TABLE push.language TO pushline_planner;
GRANT SELECT ON TABLE push.language TO pushline_page;

GRANT SELECT,INSERT,UPDATE ON TABLE push.person TO pushline_planner;

GRANT SELECT ON TABLE push.policy TO pushline_planner;
GRANT SELECT ON TABLE push.policy TO pushline_bi;
GRANT SELECT ON TABLE push.policy TO pushline_page;

GRANT SELECT ON TABLE push.push TO pushline_planner;
GRANT SELECT ON TABLE push.push TO pushline_bi;

GRANT SELECT,INSERT,UPDATE ON TABLE push.quarantine TO pushline_planner;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE push.reach_estimate TO pushline_planner;
GRANT SELECT,INSERT,UPDATE ON TABLE push.reach_estimate TO pushline_page;

GRANT SELECT,INSERT,UPDATE ON TABLE push.recipient TO pushline_planner;
GRANT SELECT ON TABLE push.recipient TO pushline_page;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE push.run_text TO pushline_planner;
GRANT INSERT ON TABLE push.run_text TO pushline_page;

GRANT SELECT ON TABLE push.run_throttle TO pushline_planner;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE push.set_aside TO pushline_planner;

GRANT SELECT ON TABLE push.setting TO pushline_planner;
GRANT SELECT ON TABLE push.setting TO pushline_bi;
GRANT SELECT ON TABLE push.setting TO pushline_page;

GRANT SELECT ON TABLE push.sheet_brief TO pushline_planner;
GRANT SELECT ON TABLE push.sheet_brief TO pushline_page;

GRANT SELECT ON TABLE push.sheet_change TO pushline_planner;
GRANT SELECT,INSERT ON TABLE push.sheet_change TO pushline_page;

GRANT SELECT ON TABLE push.sheet_clock TO pushline_planner;
GRANT SELECT ON TABLE push.sheet_clock TO pushline_page;

GRANT UPDATE(revision) ON TABLE push.sheet_clock TO pushline_page;

GRANT SELECT ON TABLE push.sheet_row TO pushline_planner;
GRANT SELECT,INSERT,UPDATE ON TABLE push.sheet_row TO pushline_page;

GRANT SELECT ON TABLE push.sheet_utm TO pushline_page;

GRANT SELECT,INSERT,UPDATE ON TABLE push.sync_state TO pushline_planner;

GRANT SELECT,INSERT,UPDATE ON TABLE push.wave TO pushline_planner;
GRANT SELECT ON TABLE push.wave TO pushline_bi;
GRANT SELECT ON TABLE push.wave TO pushline_page;

GRANT SELECT ON TABLE push.zone TO pushline_planner;
GRANT SELECT ON TABLE push.zone TO pushline_page;

GRANT UPDATE(is_used) ON TABLE push.zone TO pushline_planner;
