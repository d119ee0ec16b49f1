-- play_consents: every fifth minute somebody changes the marketing consent in the app's settings.
-- params: seed bigint, since timestamptz, until timestamptz
-- returns: none
-- writes: shop.consent_change
INSERT INTO shop.consent_change (customer_id, purpose, granted, source, changed_at)
SELECT DISTINCT ON (person.customer_id)
    person.customer_id,
    'marketing',
    NOT coalesce(present.granted, FALSE),
    'app_settings',
    slot.changed_at
FROM (
    SELECT
        extract(EPOCH FROM minute)::bigint / 60 AS die,
        minute + interval '20 seconds' AS changed_at
    FROM generate_series(
        CAST(:since AS timestamptz), CAST(:until AS timestamptz) - interval '1 minute', interval '1 minute'
    ) AS minute
) AS slot
INNER JOIN shop.customer AS person
    ON
        person.customer_id
        = 1
        + floor(
            shop.roll(CAST(:seed AS bigint), 'play consenter', slot.die) * (SELECT max(customer_id) FROM shop.customer)
        )
LEFT JOIN LATERAL (
    SELECT change.granted FROM shop.consent_change AS change
    WHERE change.customer_id = person.customer_id AND change.purpose = 'marketing'
    ORDER BY change.changed_at DESC
    LIMIT 1
) AS present ON TRUE
WHERE
    shop.roll(CAST(:seed AS bigint), 'play consent', slot.die) < 0.2
    AND person.erased_at IS NULL AND person.registered_at < slot.changed_at
ORDER BY person.customer_id, slot.changed_at
