-- keep_past_batches: the pushes of the past campaigns as delivered batches: they take slots of the caps.
-- params: none
-- returns: none
-- writes: send_batch
INSERT INTO push.send_batch (
    run_day, batch_id, run_id, not_before, expires_at, leave_by, planned_at, claimed_at, done_at, fence, user_count,
    class, lane, bucket, variant, is_counted, language, status, worker, tags, users, states
)
SELECT
    r.run_day,
    r.run_id * 16777216 + a.bucket * 16384 + slice.start / 1000,
    r.run_id,
    r.occasion,
    r.expires_at,
    r.occasion + interval '1 hour',
    r.occasion,
    r.occasion,
    r.occasion + interval '1 minute',
    1,
    cardinality(a.users[slice.start + 1:slice.start + 1000]),
    r.class,
    r.lane,
    a.bucket,
    0,
    r.is_counted,
    'ru',
    'done',
    'former-tool',
    r.tags,
    a.users[slice.start + 1:slice.start + 1000],
    array_fill(2::smallint, ARRAY[cardinality(a.users[slice.start + 1:slice.start + 1000])])
FROM push.run AS r
INNER JOIN push.offer AS o
    ON r.source_kind = 'foreign' AND r.source_id = o.offer_id AND o.team = 'former-tool'
INNER JOIN push.audience_block AS a
    ON r.run_id = a.run_id
CROSS JOIN LATERAL generate_series(0, cardinality(a.users) - 1, 1000) AS slice (start)
ON CONFLICT (run_day, batch_id) DO NOTHING
