-- title: Champions: recent, frequent and generous buyers
-- owner: data-team
-- param days int default 365: orders of so many days count
-- param fifths int default 2: how many of the best fifths count in each of recency, frequency and money
-- column first_name text nullable: name for the texts
-- column orders int: orders in that time
-- column spent int: tenge in that time
SELECT
    person.customer_id AS user_id,
    person.first_name,
    scored.orders,
    scored.spent
FROM shop.customer AS person
INNER JOIN (
    SELECT
        customer_id,
        orders,
        spent,
        ntile(5) OVER (ORDER BY last_at DESC, customer_id ASC) AS recency,
        ntile(5) OVER (ORDER BY orders DESC, spent DESC, customer_id ASC) AS frequency,
        ntile(5) OVER (ORDER BY spent DESC, customer_id ASC) AS money
    FROM (
        SELECT
            customer_id,
            max(ordered_at) AS last_at,
            count(*)::integer AS orders,
            sum(total)::integer AS spent
        FROM shop.customer_order
        WHERE
            ordered_at > CAST(:now AS timestamptz) - CAST(:days AS integer) * interval '1 day'
            AND ordered_at <= CAST(:now AS timestamptz)
        GROUP BY customer_id
    ) AS bought
) AS scored ON person.customer_id = scored.customer_id
WHERE
    person.erased_at IS NULL
    AND scored.recency <= CAST(:fifths AS integer)
    AND scored.frequency <= CAST(:fifths AS integer)
    AND scored.money <= CAST(:fifths AS integer)
