-- function_rebucket_day: moves the snapshots, decisions, batches, answers and marks of one day's runs to another number of buckets.
-- params: day date, old_count integer, new_count integer, moment timestamptz
-- returns: none
-- writes: audience_block, audience_field, decision_block, send_batch, outcome, receipt, run_bucket
-- why: called by push.rebucket, which made the temporary tables. A batch whose users part is split: its pieces get numbers that no batch of
--   the run ever had, so that an answer that comes late under an old address meets nothing, never somebody else's push. A batch that stays
--   whole keeps its address. What a mark counts beyond the rows at hand (dropped by retention) stays with the bucket of the same number.
CREATE OR REPLACE FUNCTION push.rebucket_day(day date, old_count integer, new_count integer, moment timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE
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
REVOKE ALL ON FUNCTION push.rebucket_day(date, integer, integer, timestamptz) FROM public;
