-- 21 campaigns over 7 days, to the more active rather than to everybody: batches of a few hundred.
INSERT INTO push.send_batch (
    run_day, batch_id, run_id, not_before, expires_at, leave_by, planned_at, claimed_at, done_at,
    user_count, class, lane, bucket, variant, is_counted, language, status, tags, users
)
SELECT
    (c.sent_at AT TIME ZONE 'UTC')::date,
    CAST(900000 + c.number AS bigint) * 16777216 + r.bucket * 16384
    + row_number() OVER (PARTITION BY c.number, r.bucket) - 1,
    900000 + c.number,
    c.sent_at,
    c.sent_at + interval '1 day',
    c.sent_at + interval '1 hour',
    c.sent_at,
    c.sent_at,
    c.sent_at,
    count(*),
    CAST('marketing' AS push.class),
    CAST('marketing' AS push.lane),
    r.bucket,
    x.variant,
    true,
    CASE WHEN r.language_id = 1 THEN 'ru' ELSE 'kk' END,
    'done',
    ARRAY['brief:' || c.number],
    array_agg(r.user_id ORDER BY r.user_id)
FROM (
    SELECT
        number,
        CAST(:now AS timestamptz) - number * interval '8 hours' AS sent_at
    FROM generate_series(1, 21) AS number
) AS c
CROSS JOIN push.recipient AS r
CROSS JOIN LATERAL (
    SELECT
        (hashint8extended(r.user_id, c.number) & 1)::smallint AS variant,
        (hashint8extended(r.user_id, 77) & 1023) / 1024.0 AS engagement
) AS x
WHERE r.consents & 1 = 1
    AND r.is_reachable
    AND (hashint8extended(r.user_id, 1000 + c.number) & 1023) / 1024.0 < 0.3 * x.engagement * x.engagement
GROUP BY c.number, c.sent_at, r.bucket, x.variant, r.language_id = 1
