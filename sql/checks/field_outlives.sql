-- field_outlives: personal fields of texts that should be gone: two days after the deadline, and one day for the broom to come by.
-- params: now timestamptz
-- returns: many (key text, detail text)
-- writes: nothing
-- severity: fail
-- remedy: see why maintain_database did not run or failed; it deletes them.
SELECT
    format('run %s, bucket %s', f.run_id, f.bucket) AS key,
    format('audience_field should be gone since %s UTC', to_char((r.expires_at + interval '2 days') AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')) AS detail
FROM push.audience_field AS f
INNER JOIN push.run AS r
    ON f.run_id = r.run_id
WHERE r.expires_at < CAST(:now AS timestamptz) - interval '3 days'
ORDER BY key
