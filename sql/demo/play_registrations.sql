-- play_registrations: every third minute somebody installs the app, registers and answers the question about consent.
-- params: seed bigint, since timestamptz, until timestamptz
-- returns: none
-- writes: shop.customer, shop.installation, shop.consent_change
WITH arrival AS (
    SELECT
        (SELECT max(customer_id) FROM shop.customer) + row_number() OVER (ORDER BY slot.at) AS customer_id,
        1 + floor(
            shop.roll(CAST(:seed AS bigint), 'play namesake', slot.die) * (SELECT max(customer_id) FROM shop.customer)
        ) AS namesake_id,
        slot.at,
        slot.die
    FROM (
        SELECT
            extract(EPOCH FROM minute)::bigint / 60 AS die,
            minute + interval '50 seconds' AS at
        FROM generate_series(
            CAST(:since AS timestamptz), CAST(:until AS timestamptz) - interval '1 minute', interval '1 minute'
        ) AS minute
    ) AS slot
    WHERE shop.roll(CAST(:seed AS bigint), 'play register', slot.die) < 0.33
),

registered AS (
    INSERT INTO shop.customer (
        customer_id, first_name, last_name, gender, birthday, city_id, locale, time_zone, registered_at, updated_at
    )
    SELECT
        arrival.customer_id,
        namesake.first_name,
        namesake.last_name,
        namesake.gender,
        namesake.birthday,
        namesake.city_id,
        namesake.locale,
        namesake.time_zone,
        arrival.at AS registered_at,
        arrival.at AS updated_at
    FROM arrival
    INNER JOIN shop.customer AS namesake ON arrival.namesake_id = namesake.customer_id
    RETURNING customer_id, registered_at
),

asked AS (
    INSERT INTO shop.consent_change (customer_id, purpose, granted, source, changed_at)
    SELECT
        customer_id,
        'service',
        TRUE,
        'registration',
        registered_at
    FROM registered
    UNION ALL
    SELECT
        customer_id,
        'marketing',
        shop.roll(CAST(:seed AS bigint), 'asked', customer_id) < 0.82,
        'registration',
        registered_at
    FROM registered
)

INSERT INTO shop.installation (
    installation_id, customer_id, platform, provider, address_kind, push_address, app_version, is_active,
    created_at, last_seen_at, updated_at
)
SELECT
    md5(CAST(:seed AS bigint) || ' installation ' || customer_id * 4 + 1),
    customer_id,
    'android',
    'fcm',
    'fcm_token',
    left(md5(CAST(:seed AS bigint) || ' address ' || customer_id * 4 + 1), 22) || ':' || 'APA91b'
    || md5(CAST(:seed AS bigint) || ' played ' || customer_id),
    '5.4.1',
    TRUE,
    registered_at AS created_at,
    registered_at AS last_seen_at,
    registered_at AS updated_at
FROM registered
