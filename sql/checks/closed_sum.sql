-- closed_sum: runs and buckets where a user of the audience is missing or counted twice: audience = enqueued + reasons + not planned yet.
-- params: now timestamptz
-- returns: many (key text, detail text)
-- writes: nothing
-- severity: fail
-- remedy: do not resume the run; compare run_bucket, decision_block and send_batch of the bucket named, and look what wrote to them beside the planner.
-- why: judges every run until three days after its deadline, per bucket and per run, and each batch's own states; of older runs the kept total.
WITH judged AS MATERIALIZED (
    SELECT r.*
    FROM push.run AS r
    WHERE r.expires_at > CAST(:now AS timestamptz) - interval '3 days' AND r.created_at <= CAST(:now AS timestamptz)
),

block AS (
    SELECT
        a.run_id,
        a.bucket,
        cardinality(a.users) + cardinality(a.excluded) + cardinality(a.over_max) AS audience_users
    FROM judged AS r
    INNER JOIN push.audience_block AS a
        ON r.run_id = a.run_id
),

decided AS (
    SELECT
        d.run_id,
        d.bucket,
        sum(d.user_count) AS left_out,
        sum(cardinality(d.users)) AS listed
    FROM judged AS r
    INNER JOIN push.decision_block AS d
        ON r.run_id = d.run_id
    GROUP BY d.run_id, d.bucket
),

batch AS (
    SELECT
        b.run_id,
        b.bucket,
        count(*) AS batch_count,
        sum(b.user_count) AS enqueued_users,
        count(*) FILTER (
            WHERE cardinality(b.users) <> b.user_count
            OR b.user_count <> coalesce((SELECT sum(s.pushes) FROM unnest(b.state_counts) AS s (pushes)), b.user_count)
        ) AS broken_batches
    FROM judged AS r
    INNER JOIN push.send_batch AS b
        ON r.run_day = b.run_day AND r.run_id = b.run_id
    GROUP BY b.run_id, b.bucket
),

place AS (
    SELECT k.run_id, k.bucket FROM block AS k
    UNION
    SELECT k.run_id, k.bucket FROM decided AS k
    UNION
    SELECT k.run_id, k.bucket FROM batch AS k
    UNION
    SELECT m.run_id, m.bucket FROM push.run_bucket AS m INNER JOIN judged AS r ON m.run_id = r.run_id
),

bucket_fault AS (
    SELECT
        p.run_id,
        p.bucket,
        concat_ws(
            '; ',
            CASE WHEN m.run_id IS NULL AND d.left_out > 0 THEN format('%s users left out without a mark', d.left_out) END,
            CASE WHEN m.run_id IS NULL AND b.enqueued_users > 0 THEN format('%s users enqueued without a mark', b.enqueued_users) END,
            CASE WHEN m.audience_users <> k.audience_users
                THEN format('the mark says %s users, the snapshot %s', m.audience_users, k.audience_users) END,
            CASE WHEN m.enqueued_users <> coalesce(b.enqueued_users, 0)
                THEN format('the mark says %s enqueued, the batches hold %s', m.enqueued_users, coalesce(b.enqueued_users, 0)) END,
            CASE WHEN m.batch_count <> coalesce(b.batch_count, 0)
                THEN format('the mark says %s batches, there are %s', m.batch_count, coalesce(b.batch_count, 0)) END,
            CASE WHEN m.audience_users <> coalesce(b.enqueued_users, 0) + coalesce(d.left_out, 0)
                THEN format('%s users, but %s enqueued and %s left out',
                    m.audience_users, coalesce(b.enqueued_users, 0), coalesce(d.left_out, 0)) END,
            CASE WHEN d.left_out <> d.listed THEN format('%s users counted as left out, %s listed', d.left_out, d.listed) END,
            CASE WHEN b.broken_batches > 0 THEN format('%s batches do not add up in themselves', b.broken_batches) END
        ) AS fault
    FROM place AS p
    LEFT JOIN push.run_bucket AS m
        ON p.run_id = m.run_id AND p.bucket = m.bucket
    LEFT JOIN block AS k
        ON p.run_id = k.run_id AND p.bucket = k.bucket
    LEFT JOIN decided AS d
        ON p.run_id = d.run_id AND p.bucket = d.bucket
    LEFT JOIN batch AS b
        ON p.run_id = b.run_id AND p.bucket = b.bucket
)

SELECT
    format('run %s, bucket %s', f.run_id, f.bucket) AS key,
    f.fault AS detail
FROM bucket_fault AS f
WHERE f.fault <> ''
UNION ALL
SELECT
    format('run %s', r.run_id),
    format('%s users when the audience was read, %s in its snapshot', r.audience_users, k.audience_users)
FROM judged AS r
INNER JOIN (SELECT b.run_id, sum(b.audience_users) AS audience_users FROM block AS b GROUP BY b.run_id) AS k
    ON r.run_id = k.run_id
WHERE r.audience_users <> k.audience_users
UNION ALL
SELECT
    format('run %s', t.run_id),
    format('kept total does not add up: %s users, %s enqueued, %s left out, %s not planned, %s states',
        t.audience_users, t.enqueued, t.left_out, t.not_planned_yet, t.ended)
FROM (
    SELECT
        k.*,
        (SELECT coalesce(sum((e.item ->> 'users')::bigint), 0) FROM jsonb_array_elements(k.reasons) AS e (item)) AS left_out,
        (SELECT coalesce(sum(e.pushes::bigint), 0) FROM jsonb_each_text(k.ends) AS e (name, pushes)) AS ended
    FROM push.run_total AS k
) AS t
WHERE t.audience_users <> t.enqueued + t.left_out + t.not_planned_yet OR t.enqueued <> t.ended
ORDER BY key
