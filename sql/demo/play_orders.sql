-- play_orders: three of ten open carts are paid 10 to 40 minutes after they were last touched.
-- params: seed bigint, since timestamptz, until timestamptz
-- returns: none
-- writes: shop.customer_order, shop.order_line, shop.cart
WITH due AS (
    SELECT
        cart_id,
        customer_id,
        updated_at + interval '10 minutes'
        + interval '30 minutes' * shop.roll(CAST(:seed AS bigint), 'play pay at', cart_id) AS paid_at
    FROM shop.cart
    WHERE
        state = 'open' AND updated_at > CAST(:since AS timestamptz) - interval '40 minutes'
        AND shop.roll(CAST(:seed AS bigint), 'play pay', cart_id) < 0.3
),

paid AS (
    SELECT
        cart_id,
        customer_id,
        paid_at
    FROM due
    WHERE paid_at >= CAST(:since AS timestamptz) AND paid_at < CAST(:until AS timestamptz)
),

goods AS (
    SELECT
        paid.cart_id,
        line.product_id,
        line.quantity,
        line.quantity * price.price AS amount,
        row_number() OVER (PARTITION BY paid.cart_id ORDER BY line.product_id) AS line_number
    FROM paid
    INNER JOIN shop.cart_line AS line ON paid.cart_id = line.cart_id
    CROSS JOIN LATERAL (
        SELECT change.price FROM shop.price_change AS change
        WHERE change.product_id = line.product_id AND change.valid_from <= paid.paid_at
        ORDER BY change.valid_from DESC
        LIMIT 1
    ) AS price
),

closed AS (
    UPDATE shop.cart SET state = 'ordered', updated_at = paid.paid_at
    FROM paid
    WHERE cart.cart_id = paid.cart_id
),

ordered AS (
    -- A cart of the demo becomes the order of the same number.
    INSERT INTO shop.customer_order (order_id, customer_id, ordered_at, pieces, total)
    SELECT
        paid.cart_id,
        paid.customer_id,
        paid.paid_at,
        sum(goods.quantity),
        sum(goods.amount)
    FROM paid
    INNER JOIN goods ON paid.cart_id = goods.cart_id
    GROUP BY paid.cart_id, paid.customer_id, paid.paid_at
)

INSERT INTO shop.order_line (order_id, line_number, product_id, quantity, amount)
SELECT
    cart_id,
    line_number,
    product_id,
    quantity,
    amount
FROM goods
