-- title: Buyers of a category
-- owner: data-team
-- param days int default 30: how many days back
-- param category text default 'music': code of the category: music, vinyl, films, books, games, audio, school, gifts
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
WHERE
    person.erased_at IS NULL
    AND person.customer_id IN (
        SELECT bought.customer_id
        FROM shop.customer_order AS bought
        INNER JOIN shop.order_line ON bought.order_id = order_line.order_id
        INNER JOIN shop.product ON order_line.product_id = product.product_id
        INNER JOIN shop.category ON product.category_id = category.category_id
        WHERE
            category.code = CAST(:category AS text)
            AND bought.ordered_at > CAST(:now AS timestamptz) - CAST(:days AS integer) * interval '1 day'
            AND bought.ordered_at <= CAST(:now AS timestamptz)
    )
