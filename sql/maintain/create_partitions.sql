-- create_partitions: make the weekly partitions of the five weeks ahead; answers how many were new.
-- params: now timestamptz
-- returns: one (created integer)
-- writes: send_batch, outcome, receipt, event
SELECT push.create_partitions(
    CAST(CAST(:now AS timestamptz) AT TIME ZONE 'UTC' AS date),
    CAST(CAST(:now AS timestamptz) AT TIME ZONE 'UTC' AS date) + 35
) AS created
