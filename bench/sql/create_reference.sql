-- Rendered pushes, a row each: what a bare INSERT ... SELECT would have to write.
CREATE TABLE push.reference_source AS
SELECT
    1::bigint AS run_id,
    r.user_id,
    i.installation_id,
    (hashint8extended(r.user_id, 1) & 1)::smallint AS variant,
    'ru' AS language,
    rpad(c.first_name || ', всё для дома сегодня дешевле', 40, '.') AS title,
    rpad('В городе ' || r.bucket || ' скидки до конца недели, выберите своё', 66, '.') AS body,
    'https://shop.example.kz/sale?utm_source=pushline&utm_medium=push&utm_campaign=week' AS link,
    rpad(i.address, 101, 'x') AS address
FROM push.recipient AS r
INNER JOIN shop.customer AS c ON r.user_id = c.customer_id
INNER JOIN push.installation AS i ON r.user_id = i.user_id AND i.is_active
LIMIT :rows
