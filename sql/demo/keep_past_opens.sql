-- keep_past_opens: which of the past pushes were opened.
-- params: none
-- returns: none
-- writes: receipt
INSERT INTO push.receipt (run_day, batch_id, position, kind, received_at, insert_id)
SELECT
    b.run_day,
    b.batch_id,
    u.position,
    'opened',
    p.opened_at,
    'former-tool:' || p.campaign_code || ':' || p.user_id
FROM push.send_batch AS b
CROSS JOIN LATERAL unnest(b.users) WITH ORDINALITY AS u (user_id, position)
INNER JOIN push.run AS r
    ON b.run_id = r.run_id
INNER JOIN push.offer AS o
    ON r.source_kind = 'foreign' AND r.source_id = o.offer_id AND o.team = 'former-tool'
INNER JOIN shop.past_push AS p
    ON o.occasion_key = p.campaign_code AND u.user_id = p.user_id
WHERE p.opened_at IS NOT NULL
ON CONFLICT (run_day, batch_id, position, kind, insert_id) DO NOTHING
