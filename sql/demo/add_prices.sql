-- add_prices: 18 months of prices: promotions, price drops of the last 3 days, drops planned for the next day.
-- params: seed bigint, now timestamptz
-- returns: none
-- writes: shop.price_change
WITH sale AS (
    SELECT
        product.product_id,
        product.list_price,
        past.started_at,
        past.started_at + interval '3 days'
        + interval '7 days' * shop.roll(CAST(:seed AS bigint), 'sale days', product.product_id * 16 + past.number)
            AS ended_at,
        0.60 + 0.28 * shop.roll(CAST(:seed AS bigint), 'sale depth', product.product_id * 16 + past.number) AS depth
    FROM shop.product
    CROSS JOIN
        LATERAL (
            SELECT
                number,
                CAST(:now AS timestamptz) - interval '545 days' + interval '60 days'
                * (number + 0.8 * shop.roll(CAST(:seed AS bigint), 'sale start', product.product_id * 16 + number))
                    AS started_at
            FROM generate_series(0, 8) AS number
        ) AS past
    WHERE past.started_at < CAST(:now AS timestamptz) - interval '14 days'

    UNION ALL

    SELECT
        product_id,
        list_price,
        -- 6 of 100 products became cheaper in the last 72 hours, 9 of 100 will within 24 hours.
        CAST(:now AS timestamptz) + CASE
            WHEN shop.roll(CAST(:seed AS bigint), 'drop', product_id) < 0.06
                THEN -interval '72 hours' * shop.roll(CAST(:seed AS bigint), 'drop at', product_id)
            ELSE interval '24 hours' * shop.roll(CAST(:seed AS bigint), 'drop at', product_id)
        END,
        NULL,
        0.60 + 0.28 * shop.roll(CAST(:seed AS bigint), 'drop depth', product_id)
    FROM shop.product
    WHERE shop.roll(CAST(:seed AS bigint), 'drop', product_id) < 0.15
)

INSERT INTO shop.price_change (product_id, valid_from, price)
SELECT
    product_id,
    CAST(:now AS timestamptz) - interval '550 days',
    list_price
FROM shop.product
UNION ALL
SELECT
    product_id,
    started_at,
    floor(list_price * depth / 100)::integer * 100 - 10
FROM sale
UNION ALL
SELECT
    product_id,
    ended_at,
    list_price
FROM sale
WHERE ended_at IS NOT NULL
