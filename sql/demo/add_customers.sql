-- add_customers: people with names, city, locale, zone and birthday; a few zones missing or wrong, a few people erased.
-- params: seed bigint, now timestamptz, city_shares double precision[], names integer
-- returns: none
-- writes: shop.customer
WITH bought AS (
    SELECT
        customer_id,
        min(ordered_at) AS first_at,
        max(ordered_at) AS last_at
    FROM shop.customer_order
    GROUP BY customer_id
),

person AS (
    SELECT
        draft.customer_id,
        bought.last_at,
        -- At least ten minutes before the first order: somebody looked at the goods first.
        coalesce(
            bought.first_at - interval '10 minutes'
            - CASE
                -- A quarter registered in the company's shops, years before they bought in the app.
                WHEN shop.roll(CAST(:seed AS bigint), 'card', draft.customer_id) < 0.25 THEN interval '1500 days'
                ELSE interval '20 days'
            END * power(shop.roll(CAST(:seed AS bigint), 'registered', draft.customer_id), 2),
            CAST(:now AS timestamptz) - interval '10 minutes'
            - interval '120 days' * power(shop.roll(CAST(:seed AS bigint), 'registered', draft.customer_id), 2)
        ) AS registered_at,
        1 + width_bucket(
            shop.roll(CAST(:seed AS bigint), 'city', draft.customer_id), CAST(:city_shares AS double precision[])
        ) AS city_id,
        CASE WHEN shop.roll(CAST(:seed AS bigint), 'gender', draft.customer_id) < 0.5 THEN 'male' ELSE 'female' END
            AS gender,
        shop.roll(CAST(:seed AS bigint), 'origin', draft.customer_id) AS origin_roll,
        shop.roll(CAST(:seed AS bigint), 'locale', draft.customer_id) AS locale_roll,
        shop.roll(CAST(:seed AS bigint), 'zone', draft.customer_id) AS zone_roll,
        shop.roll(CAST(:seed AS bigint), 'limit', draft.customer_id) AS limit_roll,
        floor(CAST(:names AS integer) * shop.roll(CAST(:seed AS bigint), 'first name', draft.customer_id))
        ::integer AS first_position,
        floor(CAST(:names AS integer) * shop.roll(CAST(:seed AS bigint), 'last name', draft.customer_id))
        ::integer AS last_position
    FROM draft_person AS draft
    LEFT JOIN bought ON draft.customer_id = bought.customer_id
),

placed AS (
    SELECT
        person.*,
        city.country,
        city.time_zone,
        CASE
            WHEN city.country IN ('KZ', 'UZ', 'KG')
                THEN CASE WHEN person.origin_roll < 0.62 THEN 'kk' ELSE 'ru' END
            WHEN city.country = 'RU' THEN 'ru' ELSE 'en'
        END AS origin,
        CASE
            WHEN
                shop.roll(CAST(:seed AS bigint), 'erased', person.customer_id) < 0.001
                AND coalesce(person.last_at, person.registered_at) < CAST(:now AS timestamptz) - interval '2 days'
                THEN
                    CAST(:now AS timestamptz) - shop.roll(CAST(:seed AS bigint), 'erased at', person.customer_id)
                    * (CAST(:now AS timestamptz) - coalesce(person.last_at, person.registered_at))
        END AS erased_at
    FROM person
    INNER JOIN shop.city ON person.city_id = city.city_id
)

INSERT INTO shop.customer (
    customer_id, first_name, last_name, gender, birthday, city_id, locale, time_zone, weekly_push_limit,
    registered_at, erased_at, updated_at
)
SELECT
    placed.customer_id,
    CASE
        WHEN
            placed.erased_at IS NULL AND shop.roll(CAST(:seed AS bigint), 'nameless', placed.customer_id) >= 0.04
            THEN first.first_name
    END,
    CASE WHEN placed.erased_at IS NULL THEN last.last_name END,
    placed.gender,
    CASE
        WHEN
            placed.erased_at IS NULL AND shop.roll(CAST(:seed AS bigint), 'ageless', placed.customer_id) < 0.88
            THEN
                CAST(CAST(:now AS timestamptz) AT TIME ZONE 'Asia/Almaty' AS date) - 5844
                - floor(19000 * shop.roll(CAST(:seed AS bigint), 'birthday', placed.customer_id))::integer
    END,
    placed.city_id,
    CASE
        WHEN placed.locale_roll < 0.003 THEN NULL
        WHEN placed.locale_roll < 0.006 THEN ''
        WHEN placed.locale_roll < 0.010 THEN 'xx'
        WHEN placed.locale_roll < 0.014 THEN 'tlh-KX'
        WHEN placed.origin = 'en'
            THEN (CAST('{en,en-US,en-GB,de-DE,ru}' AS text[]))[
                1 + width_bucket(placed.locale_roll, CAST('{0.4,0.7,0.8,0.9}' AS double precision[]))
            ]
        WHEN placed.country = 'RU'
            THEN (CAST('{ru,ru-RU,ru_RU,en}' AS text[]))[
                1 + width_bucket(placed.locale_roll, CAST('{0.7,0.9,0.96}' AS double precision[]))
            ]
        ELSE (CAST('{ru,kk,ru-KZ,kk_KZ,kk-KZ,en,en-US,RU,uz-UZ}' AS text[]))[
            1 + width_bucket(
                placed.locale_roll, CAST('{0.44,0.60,0.76,0.88,0.93,0.955,0.98,0.99}' AS double precision[])
            )
        ]
    END,
    CASE
        WHEN placed.zone_roll < 0.020 THEN NULL
        WHEN placed.zone_roll < 0.022 THEN 'Mars/Olympus'
        WHEN placed.zone_roll < 0.024 THEN 'UTC+25'
        WHEN placed.zone_roll < 0.025 THEN ''
        ELSE placed.time_zone
    END,
    CASE
        WHEN placed.limit_roll < 0.002 THEN 0 WHEN placed.limit_roll < 0.015 THEN 1
        WHEN placed.limit_roll < 0.030 THEN 2
    END,
    placed.registered_at,
    placed.erased_at,
    greatest(
        placed.erased_at,
        CASE
            WHEN shop.roll(CAST(:seed AS bigint), 'edited', placed.customer_id) < 0.1
                THEN
                    placed.registered_at + shop.roll(CAST(:seed AS bigint), 'edited at', placed.customer_id)
                    * (CAST(:now AS timestamptz) - placed.registered_at)
            ELSE placed.registered_at
        END
    )
FROM placed
INNER JOIN draft_name AS first
    ON placed.origin = first.origin AND placed.gender = first.gender AND placed.first_position = first.position
INNER JOIN draft_name AS last
    ON placed.origin = last.origin AND placed.gender = last.gender AND placed.last_position = last.position
