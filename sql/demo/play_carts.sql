-- play_carts: three carts a minute filled with one or two goods that were looked at just before.
-- params: seed bigint, since timestamptz, until timestamptz
-- returns: none
-- writes: shop.cart, shop.cart_line, shop.product_view
WITH draft AS (
    SELECT DISTINCT ON (person.customer_id)
        person.customer_id,
        filled.filled_at
    FROM (
        SELECT
            extract(EPOCH FROM minute)::bigint / 60 * 64 + number AS die,
            minute + number * interval '15 seconds' AS filled_at
        FROM
            generate_series(
                CAST(:since AS timestamptz), CAST(:until AS timestamptz) - interval '1 minute', interval '1 minute'
            ) AS minute
        CROSS JOIN generate_series(1, 3) AS number
    ) AS filled
    INNER JOIN shop.customer AS person
        ON
            person.customer_id
            = 1
            + floor(
                shop.roll(CAST(:seed AS bigint), 'play cart', filled.die) * (SELECT max(customer_id) FROM shop.customer)
            )
    WHERE
        person.erased_at IS NULL AND person.registered_at < filled.filled_at - interval '10 minutes'
        AND NOT EXISTS (
            SELECT FROM shop.cart
            WHERE cart.customer_id = person.customer_id AND cart.state = 'open'
        )
    ORDER BY person.customer_id, filled.filled_at
),

added AS (
    INSERT INTO shop.cart (customer_id, state, created_at, updated_at)
    SELECT
        customer_id,
        'open',
        filled_at - interval '2 minutes',
        filled_at
    FROM draft
    ORDER BY filled_at, customer_id
    RETURNING cart_id, customer_id, created_at, updated_at
),

line AS (
    INSERT INTO shop.cart_line (cart_id, product_id, quantity, added_at)
    SELECT
        added.cart_id,
        shop.pick_product(
            CASE
                WHEN goods.number = 1 THEN shop.roll(CAST(:seed AS bigint), 'favourite', added.customer_id)
                ELSE shop.roll(CAST(:seed AS bigint), 'play cart category', added.cart_id)
            END,
            shop.roll(CAST(:seed AS bigint), 'play cart product', added.cart_id * 4 + goods.number)
        ),
        1,
        CASE goods.number WHEN 1 THEN added.updated_at ELSE added.created_at END
    FROM added
    CROSS JOIN
        LATERAL generate_series(
            1, 1 + floor(2 * shop.roll(CAST(:seed AS bigint), 'play cart lines', added.cart_id))::integer
        ) AS goods (number)
    ON CONFLICT DO NOTHING
    RETURNING cart_id, product_id, added_at
)

INSERT INTO shop.product_view (customer_id, product_id, viewed_at)
SELECT
    added.customer_id,
    line.product_id,
    line.added_at - interval '40 seconds'
FROM line
INNER JOIN added ON line.cart_id = added.cart_id
