-- title: Have the app, but have not opened it for a while
-- owner: data-team
-- param min_days int default 30: not seen for so many days
-- param max_days int default 180: but seen within so many
-- column first_name text nullable: name for the texts
-- column days_away int: whole days since the app was last seen
SELECT
    person.customer_id AS user_id,
    person.first_name,
    extract(DAY FROM CAST(:now AS timestamptz) - seen.last_at)::integer AS days_away
FROM shop.customer AS person
INNER JOIN (
    SELECT
        customer_id,
        max(last_seen_at) AS last_at
    FROM shop.installation
    WHERE is_active AND customer_id IS NOT NULL
    GROUP BY customer_id
    HAVING
        max(last_seen_at) <= CAST(:now AS timestamptz) - CAST(:min_days AS integer) * interval '1 day'
        AND max(last_seen_at) > CAST(:now AS timestamptz) - CAST(:max_days AS integer) * interval '1 day'
) AS seen ON person.customer_id = seen.customer_id
WHERE person.erased_at IS NULL
