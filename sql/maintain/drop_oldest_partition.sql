-- drop_oldest_partition: drop the oldest table that is past its retention; answers which one went, null when none was.
-- params: now timestamptz
-- returns: one (dropped text)
-- writes: send_batch, outcome, receipt, event
SELECT push.drop_oldest_partition(CAST(:now AS timestamptz)) AS dropped
