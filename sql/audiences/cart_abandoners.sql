-- title: Left goods in the cart
-- owner: data-team
-- param min_hours int default 1: not touched for so many hours
-- param max_days int default 7: but touched within so many days
-- column first_name text nullable: name for the texts
-- column items int: pieces in the cart
-- column product text: the dearest product in the cart
SELECT
    person.customer_id AS user_id,
    person.first_name,
    goods.items,
    goods.product
FROM shop.cart
INNER JOIN shop.customer AS person ON cart.customer_id = person.customer_id
CROSS JOIN
    LATERAL (
        SELECT
            sum(line.quantity)::integer AS items,
            (array_agg(product.title ORDER BY product.list_price DESC, product.product_id ASC))[1] AS product
        FROM shop.cart_line AS line
        INNER JOIN shop.product ON line.product_id = product.product_id
        WHERE line.cart_id = cart.cart_id
    ) AS goods
WHERE
    cart.state = 'open'
    AND cart.updated_at <= CAST(:now AS timestamptz) - CAST(:min_hours AS integer) * interval '1 hour'
    AND cart.updated_at > CAST(:now AS timestamptz) - CAST(:max_days AS integer) * interval '1 day'
    AND person.erased_at IS NULL
    AND goods.items > 0
