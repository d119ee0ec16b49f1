-- The customers of the base once more, their numbers beyond all that there are.
INSERT INTO shop.customer (
    customer_id, first_name, last_name, gender, birthday, city_id, locale, time_zone, weekly_push_limit, registered_at, erased_at, updated_at
)
SELECT
    c.customer_id + s.shift,
    c.first_name,
    c.last_name,
    c.gender,
    c.birthday,
    c.city_id,
    c.locale,
    c.time_zone,
    c.weekly_push_limit,
    c.registered_at,
    c.erased_at,
    c.updated_at
FROM generate_series(CAST(:base AS bigint), CAST(:users AS bigint) - 1, CAST(:base AS bigint)) AS s (shift)
INNER JOIN shop.customer AS c ON c.customer_id <= least(CAST(:base AS bigint), CAST(:users AS bigint) - s.shift)
ORDER BY s.shift, c.customer_id
