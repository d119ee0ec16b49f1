-- play_views: twelve product pages a minute by people chosen by the die.
-- params: seed bigint, since timestamptz, until timestamptz
-- returns: none
-- writes: shop.product_view
INSERT INTO shop.product_view (customer_id, product_id, viewed_at)
SELECT
    person.customer_id,
    shop.pick_product(
        CASE
            WHEN shop.roll(CAST(:seed AS bigint), 'play taste', look.die) < 0.6
                THEN shop.roll(CAST(:seed AS bigint), 'favourite', person.customer_id)
            ELSE shop.roll(CAST(:seed AS bigint), 'play category', look.die)
        END,
        shop.roll(CAST(:seed AS bigint), 'play product', look.die)
    ),
    look.viewed_at
FROM (
    SELECT
        extract(EPOCH FROM minute)::bigint / 60 * 64 + number AS die,
        minute + number * interval '4 seconds' AS viewed_at
    FROM
        generate_series(
            CAST(:since AS timestamptz), CAST(:until AS timestamptz) - interval '1 minute', interval '1 minute'
        ) AS minute
    CROSS JOIN generate_series(1, 12) AS number
) AS look
INNER JOIN shop.customer AS person
    ON
        person.customer_id
        = 1
        + floor(
            shop.roll(CAST(:seed AS bigint), 'play viewer', look.die) * (SELECT max(customer_id) FROM shop.customer)
        )
WHERE person.erased_at IS NULL AND person.registered_at < look.viewed_at
