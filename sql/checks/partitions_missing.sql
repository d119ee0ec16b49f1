-- partitions_missing: weeks of the next 14 days for which a table has no partition yet: writing there would fail.
-- params: now timestamptz
-- returns: many (key text, detail text)
-- writes: nothing
-- severity: warn
-- remedy: run the DAG maintain_database, or see why it fails; it keeps partitions five weeks ahead.
SELECT
    format('%s_%s', p.parent, to_char(w.week, 'YYYYMMDD')) AS key,
    format('no partition of %s from %s', p.parent, to_char(w.week, 'YYYY-MM-DD')) AS detail
FROM unnest(ARRAY['send_batch', 'outcome', 'receipt', 'event']) AS p (parent)
CROSS JOIN generate_series(
    date_trunc('week', CAST(:now AS timestamptz) AT TIME ZONE 'UTC'),
    CAST(:now AS timestamptz) AT TIME ZONE 'UTC' + interval '14 days',
    interval '7 days'
) AS w (week)
WHERE to_regclass(format('push.%I', p.parent || '_' || to_char(w.week, 'YYYYMMDD'))) IS NULL
ORDER BY w.week, p.parent
