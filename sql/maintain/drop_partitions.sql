-- drop_partitions: drop what is older than its retention; answers which tables went.
-- params: now timestamptz
-- returns: one (dropped text[])
-- writes: send_batch, outcome, receipt, event
SELECT push.drop_partitions(CAST(:now AS timestamptz)) AS dropped
