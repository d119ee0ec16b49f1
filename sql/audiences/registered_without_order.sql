-- title: Registered, but never ordered
-- owner: data-team
-- param min_days int default 1: registered at least so many days ago
-- param max_days int default 60: and at most so many
-- column first_name text nullable: name for the texts
-- column days_since int: whole days since the registration
SELECT
    person.customer_id AS user_id,
    person.first_name,
    extract(DAY FROM CAST(:now AS timestamptz) - person.registered_at)::integer AS days_since
FROM shop.customer AS person
WHERE
    person.erased_at IS NULL
    AND person.registered_at <= CAST(:now AS timestamptz) - CAST(:min_days AS integer) * interval '1 day'
    AND person.registered_at > CAST(:now AS timestamptz) - CAST(:max_days AS integer) * interval '1 day'
    AND NOT EXISTS (
        SELECT FROM shop.customer_order AS orders
        WHERE orders.customer_id = person.customer_id AND orders.ordered_at <= CAST(:now AS timestamptz)
    )
