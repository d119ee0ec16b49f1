-- play_prices: every tenth minute one product becomes cheaper, or returns to its list price when it already is.
-- params: seed bigint, since timestamptz, until timestamptz
-- returns: none
-- writes: shop.price_change
INSERT INTO shop.price_change (product_id, valid_from, price)
SELECT
    product.product_id,
    slot.valid_from,
    CASE
        WHEN present.price < product.list_price THEN product.list_price
        ELSE floor(
            product.list_price * (0.60 + 0.28 * shop.roll(CAST(:seed AS bigint), 'play depth', slot.die)) / 100
        )::integer * 100 - 10
    END
FROM (
    SELECT
        extract(EPOCH FROM minute)::bigint / 60 AS die,
        minute + interval '30 seconds' AS valid_from
    FROM generate_series(
        CAST(:since AS timestamptz), CAST(:until AS timestamptz) - interval '1 minute', interval '1 minute'
    ) AS minute
) AS slot
INNER JOIN shop.product
    ON product.product_id = shop.pick_product(
        shop.roll(CAST(:seed AS bigint), 'play price category', slot.die),
        shop.roll(CAST(:seed AS bigint), 'play price product', slot.die)
    )
CROSS JOIN
    LATERAL (
        SELECT change.price FROM shop.price_change AS change
        WHERE change.product_id = product.product_id AND change.valid_from < slot.valid_from
        ORDER BY change.valid_from DESC
        LIMIT 1
    ) AS present
WHERE shop.roll(CAST(:seed AS bigint), 'play price', slot.die) < 0.1
ON CONFLICT DO NOTHING
