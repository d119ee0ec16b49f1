-- list_staged_buckets: the buckets that have rows to take.
-- params: none
-- returns: many (bucket smallint)
-- writes: nothing
SELECT p.bucket FROM person_row AS p
WHERE p.bucket IS NOT NULL
UNION
SELECT c.bucket FROM consent_row AS c
WHERE c.bucket IS NOT NULL
UNION
SELECT i.bucket FROM installation_row AS i
WHERE i.bucket IS NOT NULL
ORDER BY bucket;
