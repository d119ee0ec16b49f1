-- title: Buyers who have not come back
-- owner: data-team
-- param min_days int default 90: the last order is at least so many days ago
-- param max_days int default 365: and at most so many
-- param min_orders int default 2: only people with so many orders in all
-- column first_name text nullable: name for the texts
-- column days_away int: whole days since the last order
SELECT
    person.customer_id AS user_id,
    person.first_name,
    extract(DAY FROM CAST(:now AS timestamptz) - bought.last_at)::integer AS days_away
FROM shop.customer AS person
INNER JOIN (
    SELECT
        customer_id,
        max(ordered_at) AS last_at
    FROM shop.customer_order
    WHERE ordered_at <= CAST(:now AS timestamptz)
    GROUP BY customer_id
    HAVING
        count(*) >= CAST(:min_orders AS integer)
        AND max(ordered_at) <= CAST(:now AS timestamptz) - CAST(:min_days AS integer) * interval '1 day'
        AND max(ordered_at) > CAST(:now AS timestamptz) - CAST(:max_days AS integer) * interval '1 day'
) AS bought ON person.customer_id = bought.customer_id
WHERE person.erased_at IS NULL
