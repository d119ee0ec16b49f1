-- set_snapshot: write down that a run has its snapshot, and how big it is.
-- params: run_id bigint, audience_rows bigint, now timestamptz
-- returns: one (audience_users integer, excluded integer, over_max integer)
-- writes: push.run
WITH counted AS (
    SELECT
        coalesce(sum(cardinality(b.users)), 0) AS users,
        coalesce(sum(cardinality(b.excluded)), 0) AS excluded,
        coalesce(sum(cardinality(b.over_max)), 0) AS over_max
    FROM push.audience_block AS b
    WHERE b.run_id = CAST(:run_id AS bigint)
)

UPDATE push.run AS r SET
    snapshot_at = CAST(:now AS timestamptz),
    audience_rows = CAST(:audience_rows AS bigint),
    audience_users = counted.users + counted.excluded + counted.over_max
FROM counted
WHERE r.run_id = CAST(:run_id AS bigint)
RETURNING
    r.audience_users,
    CAST(counted.excluded AS integer) AS excluded,
    CAST(counted.over_max AS integer) AS over_max
