-- list_user_consents: the consent in force of one user for each purpose, and since when.
-- params: user_id bigint, now timestamptz
-- returns: many (purpose text, is_granted boolean, changed_at timestamptz, source text)
-- writes: nothing
SELECT
    w.purpose,
    c.is_granted,
    c.changed_at,
    c.source
FROM (VALUES ('marketing'), ('service')) AS w (purpose)
LEFT JOIN LATERAL (
    SELECT k.*
    FROM push.consent AS k
    WHERE k.user_id = CAST(:user_id AS bigint) AND k.purpose = w.purpose AND k.changed_at <= CAST(:now AS timestamptz)
    ORDER BY k.changed_at DESC
    LIMIT 1
) AS c ON true
ORDER BY w.purpose
