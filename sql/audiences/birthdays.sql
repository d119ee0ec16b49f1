-- title: Birthday today or soon
-- owner: data-team
-- param days_ahead int default 0: 0 is today in Almaty, 7 is a week from now
-- param days_long int default 1: so many days from there on
-- column first_name text nullable: name for the texts
-- column turns int: the age reached
SELECT
    person.customer_id AS user_id,
    person.first_name,
    (extract(YEAR FROM feast.day) - extract(YEAR FROM person.birthday))::integer AS turns
FROM (
    SELECT
        CAST(CAST(:now AS timestamptz) AT TIME ZONE 'Asia/Almaty' AS date)
        + CAST(:days_ahead AS integer)
        + number AS day
    FROM generate_series(0, CAST(:days_long AS integer) - 1) AS number
) AS feast
-- Who was born on 29 February celebrates on 28 February in other years.
CROSS JOIN
    LATERAL (
        SELECT extract(MONTH FROM feast.day) * 100 + extract(DAY FROM feast.day) AS day_of_year
        UNION ALL
        SELECT 229
        WHERE
            extract(MONTH FROM feast.day) = 2 AND extract(DAY FROM feast.day) = 28
            AND extract(MONTH FROM feast.day + 1) = 3
    ) AS celebrated
INNER JOIN shop.customer AS person
    ON extract(MONTH FROM person.birthday) * 100 + extract(DAY FROM person.birthday) = celebrated.day_of_year
WHERE person.erased_at IS NULL
