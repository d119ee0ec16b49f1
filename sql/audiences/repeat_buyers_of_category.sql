-- title: People who come back for a category
-- owner: data-team
-- param category text default 'music': code of the category
-- param min_orders int default 2: so many orders with something of the category
-- param days int default 180: how many days back
-- column first_name text nullable: name for the texts
-- column orders int: orders with something of the category in that time
SELECT
    person.customer_id AS user_id,
    person.first_name,
    bought.orders
FROM shop.customer AS person
INNER JOIN (
    SELECT
        orders.customer_id,
        count(DISTINCT orders.order_id)::integer AS orders
    FROM shop.customer_order AS orders
    INNER JOIN shop.order_line ON orders.order_id = order_line.order_id
    INNER JOIN shop.product ON order_line.product_id = product.product_id
    INNER JOIN shop.category ON product.category_id = category.category_id
    WHERE
        category.code = CAST(:category AS text)
        AND orders.ordered_at > CAST(:now AS timestamptz) - CAST(:days AS integer) * interval '1 day'
        AND orders.ordered_at <= CAST(:now AS timestamptz)
    GROUP BY orders.customer_id
    HAVING count(DISTINCT orders.order_id) >= CAST(:min_orders AS integer)
) AS bought ON person.customer_id = bought.customer_id
WHERE person.erased_at IS NULL
