-- add_installations: app installs: most people one, some two or three, some none; and some without an owner.
-- params: seed bigint, now timestamptz, users bigint
-- returns: none
-- writes: shop.installation
-- why: addresses only look like real ones; the key of web addresses is the example of RFC 8291.
WITH looked AS (
    SELECT
        customer_id,
        max(viewed_at) AS viewed_at
    FROM shop.product_view
    GROUP BY customer_id
),

owner AS (
    SELECT
        person.customer_id,
        person.registered_at,
        looked.viewed_at,
        width_bucket(
            shop.roll(CAST(:seed AS bigint), 'devices', person.customer_id),
            CAST('{0.12,0.80,0.96}' AS double precision[])
        ) AS devices
    FROM shop.customer AS person
    LEFT JOIN looked ON person.customer_id = looked.customer_id
    WHERE person.erased_at IS NULL

    UNION ALL

    SELECT
        -number,
        CAST(:now AS timestamptz) - interval '200 days',
        NULL,
        1
    FROM generate_series(1, CAST(:users AS bigint) * 7 / 200) AS number
),

device AS (
    SELECT
        owner.customer_id * 4 + nth.number AS device_id,
        owner.customer_id,
        CASE WHEN nth.number = 1 THEN owner.viewed_at END AS viewed_at,
        CASE
            WHEN nth.number = 1 AND owner.customer_id > 0 THEN owner.registered_at
            ELSE
                owner.registered_at + (CAST(:now AS timestamptz) - owner.registered_at)
                * 0.9 * shop.roll(CAST(:seed AS bigint), 'installed', owner.customer_id * 4 + nth.number)
        END AS created_at
    FROM owner
    CROSS JOIN LATERAL generate_series(1, owner.devices) AS nth (number)
),

seen AS (
    SELECT
        device.device_id,
        device.customer_id,
        device.created_at,
        greatest(
            device.created_at, device.viewed_at,
            CASE
                WHEN shop.roll(CAST(:seed AS bigint), 'regular', device.device_id) < 0.6
                    THEN
                        CAST(:now AS timestamptz)
                        - interval '30 days' * power(shop.roll(CAST(:seed AS bigint), 'last seen', device.device_id), 2)
                ELSE
                    CAST(:now AS timestamptz) - (CAST(:now AS timestamptz) - device.created_at)
                    * shop.roll(CAST(:seed AS bigint), 'last seen', device.device_id)
            END
        ) AS last_seen_at,
        (CAST('{android,ios,huawei,web}' AS text[]))[
            1 + width_bucket(
                shop.roll(CAST(:seed AS bigint), 'platform', device.device_id),
                CAST('{0.62,0.85,0.93}' AS double precision[])
            )
        ] AS platform,
        md5(CAST(:seed AS bigint) || ' installation ' || device.device_id) AS installation_id,
        md5(CAST(:seed AS bigint) || ' address ' || device.device_id) AS address_part
    FROM device
)

INSERT INTO shop.installation (
    installation_id, customer_id, platform, provider, address_kind, push_address, app_version, is_active,
    created_at, last_seen_at, updated_at
)
SELECT
    installation_id,
    CASE WHEN customer_id > 0 THEN customer_id END,
    platform,
    CASE platform WHEN 'android' THEN 'fcm' WHEN 'ios' THEN 'apns' WHEN 'huawei' THEN 'hms' ELSE 'webpush' END,
    CASE platform WHEN 'android' THEN 'fcm_token' WHEN 'ios' THEN 'apns' WHEN 'huawei' THEN 'hms' ELSE 'webpush' END,
    CASE platform
        WHEN
            'android'
            THEN left(address_part, 22) || ':' || 'APA91b' || address_part || installation_id || md5(address_part)
        WHEN 'ios' THEN address_part || md5(address_part)
        WHEN 'huawei' THEN 'IQAAAA' || address_part || md5(address_part) || installation_id
        ELSE
            '{"endpoint":"https://push.example.com/wpush/v2/' || address_part || md5(address_part)
            || '","keys":{"p256dh":"'
            || 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"'
            || ',"auth":"BTBZMqHH6r4Tts7J_aSIgg"}}'
    END,
    (CAST('{5.4.1,5.4.0,5.3.2,5.1.0,4.9.7}' AS text[]))[
        1 + width_bucket(
            shop.roll(CAST(:seed AS bigint), 'version', device_id), CAST('{0.5,0.7,0.85,0.95}' AS double precision[])
        )
    ],
    last_seen_at > CAST(:now AS timestamptz) - interval '270 days'
    AND shop.roll(CAST(:seed AS bigint), 'uninstalled', device_id) >= 0.02,
    created_at,
    last_seen_at,
    last_seen_at AS updated_at
FROM seen
