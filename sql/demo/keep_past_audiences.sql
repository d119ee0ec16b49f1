-- keep_past_audiences: who got the past campaigns, as the snapshots of their runs.
-- params: none
-- returns: none
-- writes: audience_block
INSERT INTO push.audience_block (run_id, bucket, users)
SELECT
    r.run_id,
    push.bucket_of(p.user_id),
    array_agg(DISTINCT p.user_id)
FROM push.run AS r
INNER JOIN push.offer AS o
    ON r.source_kind = 'foreign' AND r.source_id = o.offer_id AND o.team = 'former-tool'
INNER JOIN shop.past_push AS p
    ON o.occasion_key = p.campaign_code
GROUP BY r.run_id, push.bucket_of(p.user_id)
ON CONFLICT (run_id, bucket) DO NOTHING
