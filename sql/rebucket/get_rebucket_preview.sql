-- get_rebucket_preview: what changing the number of buckets would rewrite.
-- params: bucket_count integer
-- returns: one (old_count integer, recipients bigint, runs bigint, pushes bigint, batches bigint, split_batches bigint, batches_after bigint)
-- writes: nothing
WITH batch AS (
    SELECT
        b.batch_id,
        b.user_count,
        (
            SELECT count(DISTINCT push.bucket_within(u.user_id, b.bucket, CAST(:bucket_count AS integer)))
            FROM unnest(b.users) AS u (user_id)
        ) AS pieces
    FROM push.send_batch AS b
)

SELECT
    (SELECT CAST(s.bucket_count AS integer) FROM push.setting AS s) AS old_count,
    (SELECT count(*) FROM push.recipient) AS recipients,
    (SELECT count(*) FROM push.run) AS runs,
    (SELECT CAST(coalesce(sum(b.user_count), 0) AS bigint) FROM batch AS b) AS pushes,
    (SELECT count(*) FROM batch) AS batches,
    (SELECT count(*) FROM batch AS b WHERE b.pieces > 1) AS split_batches,
    (SELECT CAST(coalesce(sum(b.pieces), 0) AS bigint) FROM batch AS b) AS batches_after
