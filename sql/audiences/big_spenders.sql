-- title: Big spenders
-- owner: data-team
-- param min_spent int default 50000: at least so many tenge
-- param days int default 180: within so many days
-- column first_name text nullable: name for the texts
-- column spent int: tenge in that time
SELECT
    person.customer_id AS user_id,
    person.first_name,
    bought.spent
FROM shop.customer AS person
INNER JOIN (
    SELECT
        customer_id,
        sum(total)::integer AS spent
    FROM shop.customer_order
    WHERE
        ordered_at > CAST(:now AS timestamptz) - CAST(:days AS integer) * interval '1 day'
        AND ordered_at <= CAST(:now AS timestamptz)
    GROUP BY customer_id
    HAVING sum(total) >= CAST(:min_spent AS integer)
) AS bought ON person.customer_id = bought.customer_id
WHERE person.erased_at IS NULL
