-- keep_past_runs: each campaign of the former tool as a finished run.
-- params: none
-- returns: none
-- writes: run
INSERT INTO push.run (
    source_kind, source_id, occasion, version, content_hash, title, status, class, lane, tags, is_counted, due_at, ttl, expires_at,
    salt, languages, snapshot_at, audience_rows, audience_users, created_at, finished_at
)
SELECT
    'foreign',
    o.offer_id,
    o.offered_at,
    1,
    o.content_hash,
    c.title,
    'planned',
    'marketing',
    'marketing',
    ARRAY['former-tool'],
    true,
    o.offered_at,
    interval '6 hours',
    o.offered_at + interval '6 hours',
    o.offer_id,
    ARRAY['ru'],
    o.offered_at,
    p.users,
    p.users,
    o.offered_at,
    o.offered_at
FROM push.offer AS o
INNER JOIN shop.past_campaign AS c
    ON o.occasion_key = c.campaign_code
INNER JOIN (
    SELECT
        campaign_code,
        count(DISTINCT user_id) AS users
    FROM shop.past_push
    GROUP BY campaign_code
) AS p
    ON o.occasion_key = p.campaign_code
WHERE o.team = 'former-tool'
ON CONFLICT (source_kind, source_id, occasion) DO NOTHING
