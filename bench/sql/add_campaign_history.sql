-- 21 campaigns over 7 days, to the more active rather than to everybody: batches of some 250 a million people, at most of 1,000.
INSERT INTO push.send_batch (
    run_day, batch_id, run_id, not_before, expires_at, leave_by, planned_at, claimed_at, done_at,
    user_count, class, lane, bucket, variant, is_counted, language, status, tags, users
)
WITH sent AS (
    SELECT
        c.number,
        c.sent_at,
        r.bucket,
        r.user_id,
        (hashint8extended(r.user_id, c.number) & 1)::smallint AS variant,
        CASE WHEN r.language_id = 1 THEN 'ru' ELSE 'kk' END AS language
    FROM (
        SELECT
            number,
            CAST(:now AS timestamptz) - number * interval '8 hours' AS sent_at
        FROM generate_series(1, 21) AS number
    ) AS c
    CROSS JOIN push.recipient AS r
    CROSS JOIN LATERAL (
        SELECT (hashint8extended(r.user_id, 77) & 1023) / 1024.0 AS engagement
    ) AS x
    WHERE r.consents & 1 = 1
        AND r.is_reachable
        AND (hashint8extended(r.user_id, 1000 + c.number) & 1023) / 1024.0 < 0.3 * x.engagement * x.engagement
),

placed AS (
    SELECT
        s.*,
        (row_number() OVER (PARTITION BY s.number, s.bucket, s.variant, s.language ORDER BY s.user_id) - 1) / 1000 AS slice
    FROM sent AS s
)

SELECT
    (p.sent_at AT TIME ZONE 'UTC')::date,
    CAST(900000 + p.number AS bigint) * 16777216 + p.bucket * 16384
    + row_number() OVER (PARTITION BY p.number, p.bucket) - 1,
    900000 + p.number,
    p.sent_at,
    p.sent_at + interval '1 day',
    p.sent_at + interval '1 hour',
    p.sent_at,
    p.sent_at,
    p.sent_at,
    count(*),
    CAST('marketing' AS push.class),
    CAST('marketing' AS push.lane),
    p.bucket,
    p.variant,
    true,
    p.language,
    'done',
    ARRAY['brief:' || p.number],
    array_agg(p.user_id ORDER BY p.user_id)
FROM placed AS p
GROUP BY p.number, p.sent_at, p.bucket, p.variant, p.language, p.slice
