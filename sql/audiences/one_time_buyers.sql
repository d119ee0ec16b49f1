-- title: Bought once, not again
-- owner: data-team
-- param min_days int default 14: the only order is at least so many days ago
-- param max_days int default 120: and at most so many
-- column first_name text nullable: name for the texts
SELECT
    person.customer_id AS user_id,
    person.first_name
FROM shop.customer AS person
INNER JOIN shop.customer_order AS orders ON person.customer_id = orders.customer_id
WHERE
    person.erased_at IS NULL
    AND orders.ordered_at <= CAST(:now AS timestamptz) - CAST(:min_days AS integer) * interval '1 day'
    AND orders.ordered_at > CAST(:now AS timestamptz) - CAST(:max_days AS integer) * interval '1 day'
    AND NOT EXISTS (
        SELECT FROM shop.customer_order AS other
        WHERE
            other.customer_id = orders.customer_id AND other.order_id <> orders.order_id
            AND other.ordered_at <= CAST(:now AS timestamptz)
    )
