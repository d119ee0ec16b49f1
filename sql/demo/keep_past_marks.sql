-- keep_past_marks: every bucket of the past campaigns is decided.
-- params: none
-- returns: none
-- writes: run_bucket
INSERT INTO push.run_bucket (run_id, bucket, planned_at, audience_users, enqueued_users, batch_count)
SELECT
    r.run_id,
    l.bucket,
    r.occasion,
    coalesce(cardinality(a.users), 0),
    coalesce(cardinality(a.users), 0),
    coalesce(ceil(cardinality(a.users) / 1000.0), 0)
FROM push.run AS r
INNER JOIN push.offer AS o
    ON r.source_kind = 'foreign' AND r.source_id = o.offer_id AND o.team = 'former-tool'
CROSS JOIN push.bucket_lock AS l
LEFT JOIN push.audience_block AS a
    ON r.run_id = a.run_id AND l.bucket = a.bucket
ON CONFLICT (run_id, bucket) DO NOTHING
