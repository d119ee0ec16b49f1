-- title: Looked at it, did not buy it, and now it is cheaper
-- owner: data-team
-- param min_drop_percent int default 10: cheaper by at least so many percent
-- param hours int default 24: the price fell within so many hours
-- param days int default 7: looked within so many days before it fell
-- column first_name text nullable: name for the texts
-- column product text: the product with the biggest saving
-- column old_price int: price before, in tenge
-- column new_price int: price now, in tenge
-- column drop_percent int: whole percent saved
-- column path text: path of the product's page
WITH dropped AS (
    SELECT
        present.product_id,
        present.price AS new_price,
        present.valid_from AS dropped_at,
        earlier.price AS old_price,
        100 * (earlier.price - present.price) / earlier.price AS drop_percent
    FROM (
        -- The price in force: the newest row that has begun, and only if it began lately.
        SELECT DISTINCT ON (product_id)
            product_id,
            price,
            valid_from
        FROM shop.price_change
        WHERE
            valid_from <= CAST(:now AS timestamptz)
            AND valid_from > CAST(:now AS timestamptz) - CAST(:hours AS integer) * interval '1 hour'
        ORDER BY product_id ASC, valid_from DESC
    ) AS present
    CROSS JOIN
        LATERAL (
            SELECT before.price FROM shop.price_change AS before
            WHERE before.product_id = present.product_id AND before.valid_from < present.valid_from
            ORDER BY before.valid_from DESC
            LIMIT 1
        ) AS earlier
    WHERE present.price * 100 <= earlier.price * (100 - CAST(:min_drop_percent AS integer))
)

SELECT DISTINCT ON (person.customer_id)
    person.customer_id AS user_id,
    person.first_name,
    product.title AS product,
    dropped.old_price,
    dropped.new_price,
    dropped.drop_percent,
    product.url_path AS path
FROM dropped
INNER JOIN shop.product ON dropped.product_id = product.product_id
INNER JOIN shop.product_view AS look
    ON
        dropped.product_id = look.product_id
        AND dropped.dropped_at > look.viewed_at
        AND look.viewed_at > dropped.dropped_at - CAST(:days AS integer) * interval '1 day'
INNER JOIN shop.customer AS person ON look.customer_id = person.customer_id
WHERE
    person.erased_at IS NULL
    AND NOT EXISTS (
        SELECT FROM shop.customer_order AS orders
        INNER JOIN shop.order_line AS line ON orders.order_id = line.order_id
        WHERE
            orders.customer_id = look.customer_id AND line.product_id = dropped.product_id
            AND orders.ordered_at <= CAST(:now AS timestamptz)
            AND orders.ordered_at > look.viewed_at
    )
ORDER BY person.customer_id ASC, dropped.old_price - dropped.new_price DESC, dropped.product_id
