-- list_past_pushes: pushes of the former tool sent since a moment, oldest first.
-- params: since timestamptz
-- returns: many (user_id bigint, sent_at timestamptz, campaign_code text, opened_at timestamptz)
-- writes: nothing
SELECT
    user_id,
    sent_at,
    campaign_code,
    opened_at
FROM shop.past_push
WHERE sent_at >= CAST(:since AS timestamptz)
ORDER BY sent_at, user_id
