-- collapse_duplicates: one entry a user in a block where users came several times.
-- params: run_id bigint, bucket smallint
-- returns: none
-- writes: push.audience_block, push.audience_field
-- why: of several rows the one whose fields sort first is kept: the same rows always give the same texts.
WITH entry AS (
    SELECT DISTINCT ON (e.user_id)
        e.user_id,
        e.field
    FROM push.audience_block AS b
    LEFT JOIN push.audience_field AS f ON b.run_id = f.run_id AND b.bucket = f.bucket
    CROSS JOIN LATERAL unnest(b.users, f.fields) AS e (user_id, field)
    WHERE b.run_id = CAST(:run_id AS bigint) AND b.bucket = CAST(:bucket AS smallint)
    ORDER BY e.user_id, e.field
),

packed AS (
    SELECT
        array_agg(entry.user_id ORDER BY entry.user_id) AS users,
        array_agg(entry.field ORDER BY entry.user_id) AS fields
    FROM entry
),

kept AS (
    UPDATE push.audience_block AS b SET users = packed.users
    FROM packed
    WHERE b.run_id = CAST(:run_id AS bigint) AND b.bucket = CAST(:bucket AS smallint)
)

UPDATE push.audience_field AS f SET fields = packed.fields
FROM packed
WHERE f.run_id = CAST(:run_id AS bigint) AND f.bucket = CAST(:bucket AS smallint)
