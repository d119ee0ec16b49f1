-- close_bucket: closes one bucket of a cancelled or expired run: stops its batches, gives its undecided users a reason.
-- params: run_id bigint, bucket smallint, now timestamptz
-- returns: one (undecided bigint)
-- writes: send_batch, run_bucket, decision_block
SELECT push.close_bucket(CAST(:run_id AS bigint), CAST(:bucket AS smallint), CAST(:now AS timestamptz)) AS undecided
