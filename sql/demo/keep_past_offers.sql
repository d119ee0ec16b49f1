-- keep_past_offers: each campaign of the former tool as an offer of the team that ran it.
-- params: since timestamptz
-- returns: none
-- writes: offer
INSERT INTO push.offer (team, occasion_key, offered_at, offered_by, content_hash)
SELECT
    'former-tool',
    p.campaign_code,
    min(p.sent_at),
    'demo',
    md5(p.campaign_code)
FROM shop.past_push AS p
WHERE p.sent_at >= CAST(:since AS timestamptz)
GROUP BY p.campaign_code
ON CONFLICT (team, occasion_key) DO NOTHING
