-- title: New customers
-- owner: data-team
-- param days int default 30: the first order was within so many days
-- column first_name text nullable: name for the texts
-- column first_order date: day of the first order in Almaty
SELECT
    person.customer_id AS user_id,
    person.first_name,
    CAST(bought.first_at AT TIME ZONE 'Asia/Almaty' AS date) AS first_order
FROM shop.customer AS person
INNER JOIN (
    SELECT
        recent.customer_id,
        min(recent.ordered_at) AS first_at
    FROM shop.customer_order AS recent
    WHERE
        recent.ordered_at > CAST(:now AS timestamptz) - CAST(:days AS integer) * interval '1 day'
        AND recent.ordered_at <= CAST(:now AS timestamptz)
        AND NOT EXISTS (
            SELECT FROM shop.customer_order AS earlier
            WHERE
                earlier.customer_id = recent.customer_id
                AND earlier.ordered_at <= CAST(:now AS timestamptz) - CAST(:days AS integer) * interval '1 day'
        )
    GROUP BY recent.customer_id
) AS bought ON person.customer_id = bought.customer_id
WHERE person.erased_at IS NULL
