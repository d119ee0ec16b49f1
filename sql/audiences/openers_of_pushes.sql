-- title: Open our pushes
-- owner: data-team
-- param days int default 60: pushes of so many days
-- param min_opens int default 2: opened at least so many
-- column first_name text nullable: name for the texts
-- column opens int: pushes opened
SELECT
    person.customer_id AS user_id,
    person.first_name,
    pushed.opens
FROM shop.customer AS person
INNER JOIN (
    SELECT
        user_id AS customer_id,
        count(opened_at)::integer AS opens
    FROM shop.past_push
    WHERE
        sent_at > CAST(:now AS timestamptz) - CAST(:days AS integer) * interval '1 day'
        AND sent_at <= CAST(:now AS timestamptz)
    GROUP BY user_id
    HAVING count(opened_at) >= CAST(:min_opens AS integer)
) AS pushed ON person.customer_id = pushed.customer_id
WHERE person.erased_at IS NULL
