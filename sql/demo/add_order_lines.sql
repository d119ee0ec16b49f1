-- add_order_lines: up to three lines an order; six of ten are of the customer's favourite category.
-- params: seed bigint
-- returns: none
-- writes: shop.order_line
INSERT INTO shop.order_line (order_id, line_number, product_id, quantity, amount)
SELECT
    orders.order_id,
    line.number,
    shop.pick_product(
        CASE
            WHEN shop.roll(CAST(:seed AS bigint), 'line taste', orders.order_id * 4 + line.number) < 0.6
                THEN shop.roll(CAST(:seed AS bigint), 'favourite', orders.customer_id)
            ELSE shop.roll(CAST(:seed AS bigint), 'line category', orders.order_id * 4 + line.number)
        END,
        shop.roll(CAST(:seed AS bigint), 'line product', orders.order_id * 4 + line.number)
    ),
    orders.pieces * line.number / lines.wanted - orders.pieces * (line.number - 1) / lines.wanted,
    orders.total::bigint * line.number / lines.wanted - orders.total::bigint * (line.number - 1) / lines.wanted
FROM shop.customer_order AS orders
CROSS JOIN
    LATERAL (
        SELECT least(
            orders.pieces, 1 + floor(3 * shop.roll(CAST(:seed AS bigint), 'lines', orders.order_id))::integer
        ) AS wanted
    ) AS lines
CROSS JOIN LATERAL generate_series(1, lines.wanted) AS line (number)
