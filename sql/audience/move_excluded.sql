-- move_excluded: take the users of an exclusion out of a block.
-- params: run_id bigint, bucket smallint, excluded bigint[]
-- returns: none
-- writes: push.audience_block, push.audience_field
-- why: kept in `excluded`, not dropped: each of them gets a reason.
WITH entry AS (
    SELECT
        e.user_id,
        e.field,
        e.place,
        x.user_id IS NOT NULL AS is_excluded
    FROM push.audience_block AS b
    LEFT JOIN push.audience_field AS f ON b.run_id = f.run_id AND b.bucket = f.bucket
    CROSS JOIN LATERAL unnest(b.users, f.fields) WITH ORDINALITY AS e (user_id, field, place)
    LEFT JOIN (SELECT DISTINCT unnest(CAST(:excluded AS bigint[])) AS user_id) AS x ON e.user_id = x.user_id
    WHERE b.run_id = CAST(:run_id AS bigint) AND b.bucket = CAST(:bucket AS smallint)
),

packed AS (
    SELECT
        coalesce(array_agg(entry.user_id ORDER BY entry.place) FILTER (WHERE NOT entry.is_excluded), '{}') AS users,
        coalesce(array_agg(entry.field ORDER BY entry.place) FILTER (WHERE NOT entry.is_excluded), '{}') AS fields,
        coalesce(array_agg(entry.user_id ORDER BY entry.place) FILTER (WHERE entry.is_excluded), '{}') AS excluded
    FROM entry
),

kept AS (
    UPDATE push.audience_block AS b SET users = packed.users, excluded = b.excluded || packed.excluded
    FROM packed
    WHERE
        b.run_id = CAST(:run_id AS bigint) AND b.bucket = CAST(:bucket AS smallint)
        AND cardinality(packed.excluded) > 0
)

UPDATE push.audience_field AS f SET fields = packed.fields
FROM packed
WHERE
    f.run_id = CAST(:run_id AS bigint) AND f.bucket = CAST(:bucket AS smallint)
    AND cardinality(packed.excluded) > 0
