-- title: People of a city
-- owner: data-team
-- param city text default 'Almaty': name of the city in English, Russian or Kazakh
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
FROM shop.city
INNER JOIN shop.customer AS person ON city.city_id = person.city_id
WHERE
    person.erased_at IS NULL
    AND CAST(:city AS text) IN (city.name_en, city.name_ru, city.name_kk)
