-- title: Every 200th customer
-- owner: bench
-- column first_name text nullable: name for the texts
-- column city text: city in the person's language
SELECT
    person.customer_id AS user_id,
    person.first_name,
    CASE WHEN person.locale ILIKE 'kk%' THEN city.name_kk ELSE city.name_ru END AS city
FROM shop.customer AS person
INNER JOIN shop.city ON person.city_id = city.city_id
WHERE person.customer_id % 200 = 0 AND person.erased_at IS NULL AND person.registered_at <= CAST(:now AS timestamptz)
