-- quarantine_rows: write down which rows of a source could not be taken, and why.
-- params: now timestamptz
-- returns: none
-- writes: push.quarantine
INSERT INTO push.quarantine (source, row_key, reason, seen_at)
SELECT DISTINCT
    b.source,
    b.row_key,
    b.reason,
    CAST(:now AS timestamptz)
FROM (
    SELECT
        'person' AS source,
        p.row_key,
        p.reason
    FROM person_row AS p
    UNION ALL
    SELECT
        'consent',
        c.row_key,
        c.reason
    FROM consent_row AS c
    UNION ALL
    SELECT
        'installation',
        i.row_key,
        coalesce(
            i.reason, CASE WHEN i.closed_reason IS NOT NULL THEN 'address belongs to an install that was seen later' END
        )
    FROM installation_row AS i
) AS b
WHERE b.reason IS NOT NULL
ON CONFLICT (source, row_key, reason) WHERE solved_at IS NULL DO NOTHING;
