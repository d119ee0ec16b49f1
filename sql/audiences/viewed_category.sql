-- title: Looked around in a category
-- owner: data-team
-- param category text default 'vinyl': code of the category
-- param days int default 14: within so many days
-- param min_views int default 2: at least so many product pages
-- column first_name text nullable: name for the texts
-- column views int: product pages seen
SELECT
    person.customer_id AS user_id,
    person.first_name,
    look.views
FROM shop.customer AS person
INNER JOIN (
    SELECT
        seen.customer_id,
        count(*)::integer AS views
    FROM shop.product_view AS seen
    INNER JOIN shop.product ON seen.product_id = product.product_id
    INNER JOIN shop.category ON product.category_id = category.category_id
    WHERE
        category.code = CAST(:category AS text)
        AND seen.viewed_at > CAST(:now AS timestamptz) - CAST(:days AS integer) * interval '1 day'
        AND seen.viewed_at <= CAST(:now AS timestamptz)
    GROUP BY seen.customer_id
    HAVING count(*) >= CAST(:min_views AS integer)
) AS look ON person.customer_id = look.customer_id
WHERE person.erased_at IS NULL
