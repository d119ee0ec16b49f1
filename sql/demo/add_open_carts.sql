-- add_open_carts: carts left behind, half of them within the last 3 hours: some turn abandoned every minute.
-- params: seed bigint, now timestamptz
-- returns: none
-- writes: shop.cart, shop.cart_line
WITH draft AS (
    SELECT
        customer_id,
        registered_at,
        CAST(:now AS timestamptz) - CASE
            WHEN shop.roll(CAST(:seed AS bigint), 'cart age', customer_id) < 0.5
                THEN interval '6 hours' * shop.roll(CAST(:seed AS bigint), 'cart age', customer_id)
            ELSE interval '12 days' * (shop.roll(CAST(:seed AS bigint), 'cart age', customer_id) - 0.49)
        END AS updated_at
    FROM shop.customer
    WHERE shop.roll(CAST(:seed AS bigint), 'cart', customer_id) < 0.035 AND erased_at IS NULL
),

added AS (
    INSERT INTO shop.cart (cart_id, customer_id, state, created_at, updated_at)
    SELECT
        2000000000 + customer_id,
        customer_id,
        'open',
        updated_at - interval '40 minutes' * shop.roll(CAST(:seed AS bigint), 'cart time', customer_id),
        updated_at
    FROM draft
    WHERE registered_at < updated_at - interval '2 hours'
    RETURNING cart_id, customer_id, created_at, updated_at
)

INSERT INTO shop.cart_line (cart_id, product_id, quantity, added_at)
SELECT DISTINCT ON (added.cart_id, product_id)
    added.cart_id,
    shop.pick_product(
        CASE
            WHEN line.number = 1 THEN shop.roll(CAST(:seed AS bigint), 'favourite', added.customer_id)
            ELSE shop.roll(CAST(:seed AS bigint), 'cart category', added.customer_id * 4 + line.number)
        END,
        shop.roll(CAST(:seed AS bigint), 'cart product', added.customer_id * 4 + line.number)
    ) AS product_id,
    1 + floor(1.3 * shop.roll(CAST(:seed AS bigint), 'cart quantity', added.customer_id * 4 + line.number)),
    CASE line.number WHEN 1 THEN added.updated_at ELSE added.created_at END
FROM added
CROSS JOIN
    LATERAL generate_series(
        1, 1 + floor(3 * shop.roll(CAST(:seed AS bigint), 'cart lines', added.customer_id))::integer
    ) AS line (number)
ORDER BY added.cart_id, product_id, line.number
