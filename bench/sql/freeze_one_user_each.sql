-- A snapshot with one user a bucket, as a trigger's usually is: the first with consent and a device from the given place on.
WITH chosen AS (
    SELECT DISTINCT ON (r.bucket)
        r.bucket,
        r.user_id
    FROM push.recipient AS r
    WHERE r.consents & 1 = 1 AND r.is_reachable AND r.user_id % 1000 >= :skip
    ORDER BY r.bucket, r.user_id % 1000, r.user_id
),

blocks AS (
    INSERT INTO push.audience_block (run_id, bucket, users)
    SELECT :run_id, c.bucket, ARRAY[c.user_id]
    FROM chosen AS c
),

fields AS (
    INSERT INTO push.audience_field (run_id, bucket, fields)
    SELECT :run_id, c.bucket, ARRAY['["Айгүл", "Алматы"]']
    FROM chosen AS c
)

UPDATE push.run
SET snapshot_at = :now, audience_rows = (SELECT count(*) FROM chosen), audience_users = (SELECT count(*) FROM chosen)
WHERE run_id = :run_id
