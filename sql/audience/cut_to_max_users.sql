-- cut_to_max_users: leave exactly the run's max_users in its snapshot: those with the lowest salted hash.
-- params: run_id bigint
-- returns: none
-- writes: push.audience_block, push.audience_field
-- why: by hash and not by order of reading: asked twice, the same people get it.
WITH ranked AS MATERIALIZED (
    SELECT
        b.bucket,
        e.user_id,
        e.field,
        e.place,
        row_number() OVER (
            ORDER BY push.cut_order(e.user_id, r.salt), e.user_id
        ) <= r.max_users AS is_kept
    FROM push.run AS r
    INNER JOIN push.audience_block AS b ON r.run_id = b.run_id
    LEFT JOIN push.audience_field AS f ON b.run_id = f.run_id AND b.bucket = f.bucket
    CROSS JOIN LATERAL unnest(b.users, f.fields) WITH ORDINALITY AS e (user_id, field, place)
    WHERE r.run_id = CAST(:run_id AS bigint) AND r.max_users IS NOT NULL
),

packed AS (
    SELECT
        ranked.bucket,
        coalesce(array_agg(ranked.user_id ORDER BY ranked.place) FILTER (WHERE ranked.is_kept), '{}') AS users,
        coalesce(array_agg(ranked.field ORDER BY ranked.place) FILTER (WHERE ranked.is_kept), '{}') AS fields,
        array_agg(ranked.user_id ORDER BY ranked.place) FILTER (WHERE NOT ranked.is_kept) AS over_max
    FROM ranked
    GROUP BY ranked.bucket
),

kept AS (
    UPDATE push.audience_block AS b SET users = packed.users, over_max = packed.over_max
    FROM packed
    WHERE b.run_id = CAST(:run_id AS bigint) AND b.bucket = packed.bucket AND packed.over_max IS NOT NULL
)

UPDATE push.audience_field AS f SET fields = packed.fields
FROM packed
WHERE f.run_id = CAST(:run_id AS bigint) AND f.bucket = packed.bucket AND packed.over_max IS NOT NULL
