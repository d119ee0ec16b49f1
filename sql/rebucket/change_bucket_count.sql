-- change_bucket_count: move everybody and everything to another number of buckets; the caller has made sure that nobody works.
-- params: bucket_count integer, now timestamptz
-- returns: one (done text)
-- writes: setting, bucket_lock, recipient, audience_block, audience_field, decision_block, send_batch, outcome, receipt, run_bucket, set_aside
SELECT CAST(push.rebucket(CAST(:bucket_count AS integer), CAST(:now AS timestamptz)) AS text) AS done
