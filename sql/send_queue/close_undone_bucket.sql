-- close_undone_bucket: gives the undecided users of a cancelled or expired run's bucket that as their reason; the
--   caller holds the bucket's lock.
-- params: run_id bigint, bucket smallint, now timestamptz
-- returns: none
-- writes: run_bucket, decision_block
-- why: with the mark the bucket counts as decided, so the closed sum holds and nothing can be planned into it any more.
WITH undone AS (
    SELECT
        a.run_id, a.bucket, a.users || a.excluded || a.over_max AS users,
        CASE r.status WHEN 'cancelled' THEN 17 ELSE 18 END AS reason
    FROM push.audience_block AS a
    INNER JOIN push.run AS r ON r.run_id = a.run_id
    WHERE a.run_id = CAST(:run_id AS bigint)
        AND a.bucket = CAST(:bucket AS smallint)
        AND r.status IN ('cancelled', 'expired')
        AND NOT EXISTS (SELECT FROM push.run_bucket AS m WHERE m.run_id = a.run_id AND m.bucket = a.bucket)
),
marked AS (
    INSERT INTO push.run_bucket (run_id, bucket, planned_at, audience_users, enqueued_users, batch_count)
    SELECT u.run_id, u.bucket, CAST(:now AS timestamptz), cardinality(u.users), 0, 0
    FROM undone AS u
)
INSERT INTO push.decision_block (run_id, bucket, reason, user_count, users)
SELECT u.run_id, u.bucket, u.reason, cardinality(u.users), u.users
FROM undone AS u
WHERE cardinality(u.users) > 0
