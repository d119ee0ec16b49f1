-- title: Registered this day some years ago
-- owner: data-team
-- param days_long int default 1: today in Almaty and so many days in all
-- column first_name text nullable: name for the texts
-- column years int: whole years with us
SELECT
    person.customer_id AS user_id,
    person.first_name,
    anniversary.years
FROM generate_series(1, 20) AS anniversary (years)
INNER JOIN shop.customer AS person
    ON
        person.registered_at >= (
            CAST(CAST(:now AS timestamptz) AT TIME ZONE 'Asia/Almaty' AS date) - anniversary.years * interval '1 year'
        ) AT TIME ZONE 'Asia/Almaty'
        AND person.registered_at < (
            CAST(CAST(:now AS timestamptz) AT TIME ZONE 'Asia/Almaty' AS date) - anniversary.years * interval '1 year'
            + CAST(:days_long AS integer) * interval '1 day'
        ) AT TIME ZONE 'Asia/Almaty'
WHERE person.erased_at IS NULL
