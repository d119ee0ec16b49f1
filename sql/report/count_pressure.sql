-- count_pressure: how many people who may get marketing are at 0, 1, 2, ... counted pushes of a week, in some buckets.
-- params: buckets smallint[], counted_from timestamptz, counted_until timestamptz, push_class push.class, tag text
-- returns: many (pushes bigint, users bigint)
-- writes: nothing
-- why: the batches that hold slots are the truth of the caps; what is planned for later in the week counts, too.
WITH held AS (
    SELECT unnest(b.users) AS user_id
    FROM push.send_batch AS b
    WHERE b.bucket = ANY(CAST(:buckets AS smallint[]))
        AND b.holds_slots
        AND b.not_before >= CAST(:counted_from AS timestamptz)
        AND b.not_before < CAST(:counted_until AS timestamptz)
        AND push.counts_for(b.class, b.tags, b.is_counted, CAST(:push_class AS push.class), CAST(:tag AS text), false)
),

counted AS (
    SELECT
        h.user_id,
        count(*) AS pushes
    FROM held AS h
    GROUP BY h.user_id
)

SELECT
    coalesce(c.pushes, 0) AS pushes,
    count(*) AS users
FROM push.recipient AS r
LEFT JOIN counted AS c ON r.user_id = c.user_id
WHERE r.bucket = ANY(CAST(:buckets AS smallint[]))
    AND r.consents & 1 = 1
    AND r.is_reachable
    AND NOT r.is_control
    AND NOT r.is_erased
GROUP BY coalesce(c.pushes, 0)
ORDER BY coalesce(c.pushes, 0)
