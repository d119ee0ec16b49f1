-- list_late_batches: waiting batches that may not leave any more, by bucket.
-- params: now timestamptz
-- returns: many (bucket smallint, run_days date[], batch_ids bigint[])
-- writes: nothing
SELECT b.bucket, array_agg(b.run_day) AS run_days, array_agg(b.batch_id) AS batch_ids
FROM push.send_batch AS b
WHERE b.status = 'waiting' AND b.leave_by <= CAST(:now AS timestamptz)
GROUP BY b.bucket
ORDER BY b.bucket
