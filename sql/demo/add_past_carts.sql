-- add_past_carts: the carts that became the orders of the last 30 days.
-- params: now timestamptz
-- returns: none
-- writes: shop.cart, shop.cart_line
WITH added AS (
    INSERT INTO shop.cart (cart_id, customer_id, state, created_at, updated_at)
    SELECT
        order_id,
        customer_id,
        'ordered',
        ordered_at - interval '2 minutes',
        ordered_at
    FROM shop.customer_order
    WHERE ordered_at >= CAST(:now AS timestamptz) - interval '30 days'
    RETURNING cart_id, created_at
)

INSERT INTO shop.cart_line (cart_id, product_id, quantity, added_at)
SELECT
    added.cart_id,
    line.product_id,
    sum(line.quantity),
    added.created_at
FROM added
INNER JOIN shop.order_line AS line ON added.cart_id = line.order_id
GROUP BY added.cart_id, line.product_id, added.created_at
