-- stale_lease: batches whose lease ran out more than ten minutes ago and that nobody took back.
-- params: now timestamptz
-- returns: many (key text, detail text)
-- writes: nothing
-- severity: warn
-- remedy: see whether a sender runs (pushline queue status); maintain_database takes the batches back.
SELECT
    format('batch %s', b.batch_id) AS key,
    format(
        'run %s, claimed by %s, lease until %s UTC', b.run_id, coalesce(b.worker, '?'),
        to_char(b.lease_until AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')
    ) AS detail
FROM push.send_batch AS b
WHERE b.status = 'claimed' AND b.lease_until < CAST(:now AS timestamptz) - interval '10 minutes'
ORDER BY b.lease_until, b.batch_id
