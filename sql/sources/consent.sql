-- consent: every change of a consent; a person without a row for a purpose was never asked.
-- params: since timestamptz
-- returns: many (user_id bigint, purpose text, granted boolean, source text, changed_at timestamptz)
-- writes: nothing
SELECT
    customer_id AS user_id,
    purpose,
    granted,
    source,
    changed_at
FROM shop.consent_change
WHERE changed_at > CAST(:since AS timestamptz)
