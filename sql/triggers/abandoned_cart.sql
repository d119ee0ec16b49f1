-- title: Left goods in the cart
-- owner: data-team
-- param idle_minutes int default 60: not touched for so many minutes
-- param max_hours int default 24: but touched within so many hours
-- column first_name text nullable: name for the texts
-- column product text: the dearest product in the cart
-- column price int: what that product costs now, in tenge
-- column items int: pieces in the cart
-- column total int: what the cart costs now, in tenge
SELECT
    person.customer_id AS user_id,
    person.first_name,
    goods.product,
    goods.price,
    goods.items,
    goods.total
FROM shop.cart
INNER JOIN shop.customer AS person ON cart.customer_id = person.customer_id
CROSS JOIN
    LATERAL (
        SELECT
            sum(line.quantity)::integer AS items,
            sum(line.quantity * present.price)::integer AS total,
            (array_agg(product.title ORDER BY present.price DESC, product.product_id ASC))[1] AS product,
            max(present.price) AS price
        FROM shop.cart_line AS line
        INNER JOIN shop.product ON line.product_id = product.product_id
        CROSS JOIN
            LATERAL (
                SELECT change.price FROM shop.price_change AS change
                WHERE change.product_id = line.product_id AND change.valid_from <= CAST(:now AS timestamptz)
                ORDER BY change.valid_from DESC
                LIMIT 1
            ) AS present
        WHERE
            line.cart_id = cart.cart_id
            -- Bought meanwhile in another way: in a shop, or from another cart.
            AND NOT EXISTS (
                SELECT FROM shop.customer_order AS orders
                INNER JOIN shop.order_line AS sold ON orders.order_id = sold.order_id
                WHERE
                    orders.customer_id = cart.customer_id AND sold.product_id = line.product_id
                    AND orders.ordered_at >= line.added_at AND orders.ordered_at <= CAST(:now AS timestamptz)
            )
    ) AS goods
WHERE
    cart.state = 'open'
    AND cart.updated_at <= CAST(:now AS timestamptz) - CAST(:idle_minutes AS integer) * interval '1 minute'
    AND cart.updated_at > CAST(:now AS timestamptz) - CAST(:max_hours AS integer) * interval '1 hour'
    AND person.erased_at IS NULL
    AND goods.items > 0
