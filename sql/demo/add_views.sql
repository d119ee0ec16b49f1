-- add_views: product pages seen: before order lines of 90 days, before cart lines, and by people who only looked.
-- params: seed bigint, now timestamptz
-- returns: none
-- writes: shop.product_view
INSERT INTO shop.product_view (customer_id, product_id, viewed_at)
SELECT
    orders.customer_id,
    line.product_id,
    -- After registration (10 minutes before the first order at the latest) and before the cart (2 minutes before it).
    orders.ordered_at - interval '3 minutes'
    - (least(interval '3 days', orders.ordered_at - customer.registered_at) - interval '4 minutes')
    * shop.roll(CAST(:seed AS bigint), 'seen', orders.order_id * 4 + line.line_number)
FROM shop.customer_order AS orders
INNER JOIN shop.customer ON orders.customer_id = customer.customer_id
INNER JOIN shop.order_line AS line ON orders.order_id = line.order_id
WHERE orders.ordered_at >= CAST(:now AS timestamptz) - interval '90 days'

UNION ALL

SELECT
    cart.customer_id,
    line.product_id,
    line.added_at - interval '1 minute'
    - interval '20 minutes' * shop.roll(CAST(:seed AS bigint), 'seen', cart.cart_id * 4 + line.product_id % 4)
FROM shop.cart
INNER JOIN shop.cart_line AS line ON cart.cart_id = line.cart_id
WHERE cart.state = 'open'

UNION ALL

SELECT
    person.customer_id,
    shop.pick_product(
        CASE
            WHEN shop.roll(CAST(:seed AS bigint), 'look taste', person.customer_id * 16 + look.number) < 0.6
                THEN shop.roll(CAST(:seed AS bigint), 'favourite', person.customer_id)
            ELSE shop.roll(CAST(:seed AS bigint), 'look category', person.customer_id * 16 + look.number)
        END,
        shop.roll(CAST(:seed AS bigint), 'look product', person.customer_id * 16 + look.number)
    ),
    CAST(:now AS timestamptz)
    - least(interval '30 days', CAST(:now AS timestamptz) - person.registered_at)
    * power(shop.roll(CAST(:seed AS bigint), 'look at', person.customer_id * 16 + look.number), 2)
FROM shop.customer AS person
CROSS JOIN
    LATERAL generate_series(
        1, 1 + floor(8 * shop.roll(CAST(:seed AS bigint), 'looks', person.customer_id))::integer
    ) AS look (number)
WHERE
    shop.roll(CAST(:seed AS bigint), 'looker', person.customer_id) < 0.35
    AND person.erased_at IS NULL
