-- title: Bought something lately (good as an exclusion)
-- owner: data-team
-- param days int default 7: within so many days
SELECT DISTINCT person.customer_id AS user_id
FROM shop.customer_order AS orders
INNER JOIN shop.customer AS person ON orders.customer_id = person.customer_id
WHERE
    orders.ordered_at > CAST(:now AS timestamptz) - CAST(:days AS integer) * interval '1 day'
    AND orders.ordered_at <= CAST(:now AS timestamptz)
    AND person.erased_at IS NULL
