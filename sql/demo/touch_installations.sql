-- touch_installations: whoever looked at something since then was seen on the install used last.
-- params: since timestamptz
-- returns: none
-- writes: shop.installation
UPDATE shop.installation SET last_seen_at = used.viewed_at, updated_at = used.viewed_at
FROM (
    SELECT DISTINCT ON (device.customer_id)
        device.installation_id,
        look.viewed_at
    FROM (
        SELECT
            customer_id,
            max(viewed_at) AS viewed_at
        FROM shop.product_view
        WHERE viewed_at >= CAST(:since AS timestamptz) - interval '10 minutes'
        GROUP BY customer_id
    ) AS look
    INNER JOIN shop.installation AS device ON look.customer_id = device.customer_id AND device.is_active
    ORDER BY device.customer_id ASC, device.last_seen_at DESC, device.installation_id ASC
) AS used
WHERE installation.installation_id = used.installation_id AND installation.last_seen_at < used.viewed_at
