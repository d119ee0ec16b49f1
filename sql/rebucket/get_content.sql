-- get_content: everything that buckets hold, as numbers and digests that do not depend on how many buckets there are.
-- params: none
-- returns: one (recipients bigint, recipient_digest numeric, audience_users bigint, audience_digest numeric, left_out bigint, left_out_digest numeric, pushes bigint, push_digest numeric, answers bigint, answer_digest numeric, marked_users bigint, marked_enqueued bigint, misplaced bigint)
-- writes: nothing
-- why: read before and after the change in one transaction; a difference takes it all back. A push counts with its planned time, its state, its
--   slot and its personal fields, so that the ledger of the caps and the texts are proven, too. misplaced: users who are not in their bucket.
WITH field AS (
    SELECT f.run_id, f.bucket, u.field, u.place
    FROM push.audience_field AS f
    CROSS JOIN LATERAL unnest(f.fields) WITH ORDINALITY AS u (field, place)
),
audience AS (
    SELECT
        count(*) AS users,
        sum(CAST(hashtextextended(concat_ws('|', a.run_id, k.kind, u.user_id, f.field), 0) AS numeric)) AS digest,
        count(*) FILTER (WHERE u.user_id <> 0 AND a.bucket <> push.bucket_of(u.user_id)) AS misplaced
    FROM push.audience_block AS a
    CROSS JOIN LATERAL (VALUES (1, a.users), (2, a.excluded), (3, a.over_max)) AS k (kind, users)
    CROSS JOIN LATERAL unnest(k.users) WITH ORDINALITY AS u (user_id, place)
    LEFT JOIN field AS f ON a.run_id = f.run_id AND a.bucket = f.bucket AND k.kind = 1 AND u.place = f.place
),
left_out AS (
    SELECT
        count(*) AS users,
        sum(CAST(hashtextextended(concat_ws('|', d.run_id, d.reason, d.rule_no, u.user_id), 0) AS numeric)) AS digest,
        count(*) FILTER (WHERE u.user_id <> 0 AND d.bucket <> push.bucket_of(u.user_id)) AS misplaced
    FROM push.decision_block AS d
    CROSS JOIN LATERAL unnest(d.users) AS u (user_id)
),
push AS (
    SELECT
        count(*) AS users,
        sum(CAST(hashtextextended(concat_ws(
            '|', b.run_id, u.user_id, b.not_before, b.expires_at, b.leave_by, b.class, b.lane, b.variant, b.language, b.is_counted,
            b.holds_slots, b.claimed_at, b.fence, b.tags, push.name_state(b.status, u.state), f.field
        ), 0) AS numeric)) AS digest,
        count(*) FILTER (WHERE u.user_id <> 0 AND b.bucket <> push.bucket_of(u.user_id)) AS misplaced
    FROM push.send_batch AS b
    CROSS JOIN LATERAL unnest(b.users, b.states, b.places) AS u (user_id, state, place)
    LEFT JOIN field AS f ON b.run_id = f.run_id AND b.bucket = f.bucket AND u.place = f.place
),
answer AS (
    SELECT
        count(*) AS answers,
        sum(CAST(hashtextextended(concat_ws('|', b.run_id, b.users[a.position], a.kind, a.detail), 0) AS numeric)) AS digest
    FROM (
        SELECT o.run_day, o.batch_id, o.position, 'outcome' AS kind,
            concat_ws('|', o.installation_id, o.attempt, o.outcome, o.reason, o.ended_at) AS detail
        FROM push.outcome AS o
        UNION ALL
        SELECT t.run_day, t.batch_id, t.position, 'receipt', concat_ws('|', t.kind, t.insert_id, t.received_at)
        FROM push.receipt AS t
    ) AS a
    LEFT JOIN push.send_batch AS b ON a.run_day = b.run_day AND a.batch_id = b.batch_id
),
recipient AS (
    SELECT
        count(*) AS users,
        sum(CAST(hashtextextended(concat_ws(
            '|', r.user_id, r.zone_id, r.language_id, r.consents, coalesce(r.weekly_limit, -1), r.is_reachable, r.is_control, r.is_erased
        ), 0) AS numeric)) AS digest
    FROM push.recipient AS r
)

SELECT
    r.users AS recipients,
    r.digest AS recipient_digest,
    a.users AS audience_users,
    a.digest AS audience_digest,
    l.users AS left_out,
    l.digest AS left_out_digest,
    p.users AS pushes,
    p.digest AS push_digest,
    w.answers,
    w.digest AS answer_digest,
    (SELECT CAST(coalesce(sum(m.audience_users), 0) AS bigint) FROM push.run_bucket AS m) AS marked_users,
    (SELECT CAST(coalesce(sum(m.enqueued_users), 0) AS bigint) FROM push.run_bucket AS m) AS marked_enqueued,
    a.misplaced + l.misplaced + p.misplaced AS misplaced
FROM recipient AS r
CROSS JOIN audience AS a
CROSS JOIN left_out AS l
CROSS JOIN push AS p
CROSS JOIN answer AS w
