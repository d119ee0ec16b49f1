-- insert_consent: write one change of a consent, unless it is in force already.
-- params: user_id bigint, purpose text, is_granted boolean, source text, now timestamptz
-- returns: many (changed_at timestamptz)
-- writes: push.consent
-- why: of two changes the later call wins, even when the clocks say the same or the company's clock is ahead.
INSERT INTO push.consent (user_id, purpose, changed_at, is_granted, source)
SELECT
    CAST(:user_id AS bigint),
    CAST(:purpose AS text),
    greatest(CAST(:now AS timestamptz), latest.changed_at + interval '1 microsecond'),
    CAST(:is_granted AS boolean),
    CAST(:source AS text)
FROM (SELECT 1) AS always
LEFT JOIN LATERAL (
    SELECT
        c.changed_at,
        c.is_granted
    FROM push.consent AS c
    WHERE c.user_id = CAST(:user_id AS bigint) AND c.purpose = CAST(:purpose AS text)
    ORDER BY c.changed_at DESC
    LIMIT 1
) AS latest ON TRUE
WHERE latest.is_granted IS DISTINCT FROM CAST(:is_granted AS boolean)
RETURNING changed_at;
