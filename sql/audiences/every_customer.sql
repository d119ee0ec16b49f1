-- title: Everyone who is registered
-- owner: data-team
-- column first_name text nullable: name for the texts
-- column city text: city in the person's language
SELECT
    person.customer_id AS user_id,
    person.first_name,
    CASE
        WHEN person.locale ILIKE 'kk%' THEN city.name_kk
        WHEN person.locale ILIKE 'en%' THEN city.name_en
        ELSE city.name_ru
    END AS city
FROM shop.customer AS person
INNER JOIN shop.city ON person.city_id = city.city_id
WHERE person.erased_at IS NULL AND person.registered_at <= CAST(:now AS timestamptz)
