-- list_zone_offsets: what the server believes of each zone in use (the project's, and those that people live in): its offset
--   from UTC on every day of the coming two years.
-- params: now timestamptz
-- returns: many (name text, days timestamptz[], minutes integer[])
-- writes: nothing
-- why: some zones are changed from year to year for a few weeks; the first days of months would miss that.
SELECT
    u.name,
    array_agg(d.day ORDER BY d.day) AS days,
    array_agg(
        CAST(extract(EPOCH FROM (d.day AT TIME ZONE u.name) - (d.day AT TIME ZONE 'UTC')) / 60 AS integer) ORDER BY d.day
    ) AS minutes
FROM (
    SELECT s.project_zone AS name
    FROM push.setting AS s
    UNION
    SELECT z.name
    FROM push.zone AS z
    WHERE z.is_used AND z.zone_id > 0
) AS u
CROSS JOIN generate_series(
    CAST(:now AS timestamptz), CAST(:now AS timestamptz) + interval '2 years', interval '1 day'
) AS d (day)
WHERE EXISTS (SELECT FROM pg_catalog.pg_timezone_names AS k WHERE k.name = u.name)
GROUP BY u.name
ORDER BY u.name
