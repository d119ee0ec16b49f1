-- A quarter as many trigger pushes, every five minutes, in batches of 1 to 3.
INSERT INTO push.send_batch (
    run_day, batch_id, run_id, not_before, expires_at, leave_by, planned_at, claimed_at, done_at,
    user_count, class, lane, bucket, variant, is_counted, language, status, tags, users
)
WITH wanted AS (
    SELECT (sum(user_count) / 4)::bigint AS pushes FROM push.send_batch
),

fired AS (
    SELECT
        r.user_id,
        r.bucket,
        1 + (((hashint8extended(r.user_id, 31) & 2147483647) * 2016) / 2147483648)::integer AS tick
    FROM push.recipient AS r
    WHERE r.consents & 1 = 1 AND r.is_reachable
    ORDER BY hashint8extended(r.user_id, 32)
    LIMIT (SELECT pushes FROM wanted)
),

numbered AS (
    SELECT
        f.*,
        row_number() OVER (PARTITION BY f.tick, f.bucket ORDER BY f.user_id) - 1 AS place
    FROM fired AS f
)

SELECT
    ((CAST(:now AS timestamptz) - n.tick * interval '5 minutes') AT TIME ZONE 'UTC')::date,
    (800000 + n.tick)::bigint * 16777216 + n.bucket * 16384 + n.place / 2,
    800000 + n.tick,
    CAST(:now AS timestamptz) - n.tick * interval '5 minutes',
    CAST(:now AS timestamptz) - n.tick * interval '5 minutes' + interval '1 day',
    CAST(:now AS timestamptz) - n.tick * interval '5 minutes' + interval '1 hour',
    CAST(:now AS timestamptz) - n.tick * interval '5 minutes',
    CAST(:now AS timestamptz) - n.tick * interval '5 minutes',
    CAST(:now AS timestamptz) - n.tick * interval '5 minutes',
    count(*),
    CAST('trigger' AS push.class),
    CAST('trigger' AS push.lane),
    n.bucket,
    0,
    true,
    'ru',
    'done',
    ARRAY['trigger:1'],
    array_agg(n.user_id)
FROM numbered AS n
GROUP BY n.tick, n.bucket, n.place / 2
