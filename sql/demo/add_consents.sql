-- add_consents: what people said at registration, and how some changed their mind: withdrawn, granted again, erased.
-- params: seed bigint, now timestamptz
-- returns: none
-- writes: shop.consent_change
WITH person AS (
    SELECT
        customer_id,
        registered_at,
        erased_at,
        shop.roll(CAST(:seed AS bigint), 'asked', customer_id) AS asked_roll,
        CASE
            WHEN erased_at IS NULL AND shop.roll(CAST(:seed AS bigint), 'withdrawn', customer_id) < 0.12
                THEN
                    registered_at + (CAST(:now AS timestamptz) - registered_at)
                    * (0.001 + 0.998 * shop.roll(CAST(:seed AS bigint), 'withdrawn at', customer_id))
        END AS withdrawn_at,
        shop.roll(CAST(:seed AS bigint), 'withdrawn by', customer_id) AS withdrawn_roll
    FROM shop.customer
)

INSERT INTO shop.consent_change (customer_id, purpose, granted, source, changed_at)
SELECT
    customer_id,
    'service',
    TRUE,
    'registration',
    registered_at
FROM person
UNION ALL
SELECT
    customer_id,
    'marketing',
    asked_roll < 0.82,
    'registration',
    registered_at
FROM person
WHERE asked_roll < 0.90
UNION ALL
SELECT
    customer_id,
    'marketing',
    TRUE,
    'app_settings',
    registered_at + (coalesce(erased_at, CAST(:now AS timestamptz)) - registered_at)
    * (0.001 + 0.998 * shop.roll(CAST(:seed AS bigint), 'asked later', customer_id))
FROM person
WHERE asked_roll >= 0.87 AND asked_roll < 0.93
UNION ALL
SELECT
    customer_id,
    'marketing',
    FALSE,
    CASE WHEN withdrawn_roll < 0.6 THEN 'unsubscribe_link' ELSE 'app_settings' END,
    withdrawn_at
FROM person
WHERE asked_roll < 0.82 AND withdrawn_at IS NOT NULL
UNION ALL
SELECT
    customer_id,
    'marketing',
    TRUE,
    'app_settings',
    withdrawn_at + (CAST(:now AS timestamptz) - withdrawn_at)
    * (0.001 + 0.998 * shop.roll(CAST(:seed AS bigint), 'granted again', customer_id))
FROM person
WHERE asked_roll < 0.82 AND withdrawn_at IS NOT NULL AND withdrawn_roll > 0.7
UNION ALL
SELECT
    customer_id,
    'service',
    FALSE,
    'support',
    withdrawn_at
FROM person
WHERE withdrawn_at IS NOT NULL AND withdrawn_roll < 0.05
UNION ALL
SELECT
    person.customer_id,
    purpose.name,
    FALSE,
    'support',
    person.erased_at
FROM person
INNER JOIN (VALUES ('marketing'), ('service')) AS purpose (name)
    ON purpose.name = 'service' OR person.asked_roll < 0.82 OR (person.asked_roll >= 0.87 AND person.asked_roll < 0.93)
WHERE person.erased_at IS NOT NULL
