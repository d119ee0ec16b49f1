-- list_blocks: the buckets of a run's snapshot with their size and the latest push that lies ahead.
-- params: run_id bigint, at timestamptz, most_few integer
-- returns: many (bucket smallint, audience_users integer, few_users bigint[], latest timestamptz)
-- writes: nothing
SELECT
    a.bucket,
    cardinality(a.users) + cardinality(a.excluded) + cardinality(a.over_max) AS audience_users,
    CASE WHEN cardinality(a.users) <= CAST(:most_few AS integer) THEN a.users END AS few_users,
    (
        SELECT max(b.not_before)
        FROM push.send_batch AS b
        WHERE b.bucket = a.bucket AND b.holds_slots AND b.not_before > CAST(:at AS timestamptz)
    ) AS latest
FROM push.audience_block AS a
WHERE a.run_id = CAST(:run_id AS bigint)
ORDER BY a.bucket
