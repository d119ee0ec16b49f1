-- count_staged_rows: what came from each source, and how many rows of it could not be taken.
-- params: none
-- returns: many (source text, row_count bigint, quarantined bigint)
-- writes: nothing
SELECT
    'person' AS source,
    count(*) AS row_count,
    count(p.reason) AS quarantined
FROM person_row AS p
UNION ALL
SELECT
    'consent',
    count(*),
    count(c.reason)
FROM consent_row AS c
UNION ALL
SELECT
    'installation',
    count(*),
    count(i.reason)
FROM installation_row AS i;
