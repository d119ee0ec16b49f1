-- title: Everyone with marketing consent
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
FROM (
    SELECT DISTINCT ON (customer_id)
        customer_id,
        granted
    FROM shop.consent_change
    WHERE purpose = 'marketing' AND changed_at <= CAST(:now AS timestamptz)
    ORDER BY customer_id ASC, changed_at DESC
) AS consent
INNER JOIN shop.customer AS person ON consent.customer_id = person.customer_id
INNER JOIN shop.city ON person.city_id = city.city_id
WHERE consent.granted AND person.erased_at IS NULL
