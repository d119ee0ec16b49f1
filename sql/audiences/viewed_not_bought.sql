-- title: Looked at a product and did not buy it
-- owner: data-team
-- param days int default 7: looked within so many days
-- column first_name text nullable: name for the texts
-- column product text: the product seen last
-- column price int: what it costs now, in tenge
-- column path text: path of the product's page
SELECT
    person.customer_id AS user_id,
    person.first_name,
    product.title AS product,
    present.price,
    product.url_path AS path
FROM (
    SELECT DISTINCT ON (look.customer_id)
        look.customer_id,
        look.product_id
    FROM (
        SELECT
            customer_id,
            product_id,
            max(viewed_at) AS viewed_at
        FROM shop.product_view
        WHERE
            viewed_at > CAST(:now AS timestamptz) - CAST(:days AS integer) * interval '1 day'
            AND viewed_at <= CAST(:now AS timestamptz)
        GROUP BY customer_id, product_id
    ) AS look
    WHERE
        NOT EXISTS (
            SELECT FROM shop.customer_order AS orders
            INNER JOIN shop.order_line AS line ON orders.order_id = line.order_id
            WHERE
                orders.customer_id = look.customer_id AND line.product_id = look.product_id
                AND orders.ordered_at <= CAST(:now AS timestamptz)
        )
    ORDER BY look.customer_id ASC, look.viewed_at DESC, look.product_id ASC
) AS seen
INNER JOIN shop.customer AS person ON seen.customer_id = person.customer_id
INNER JOIN shop.product ON seen.product_id = product.product_id
INNER JOIN (
    SELECT DISTINCT ON (product_id)
        product_id,
        price
    FROM shop.price_change
    WHERE valid_from <= CAST(:now AS timestamptz)
    ORDER BY product_id ASC, valid_from DESC
) AS present ON seen.product_id = present.product_id
WHERE person.erased_at IS NULL
