-- insert_audience_block: keep the users of one bucket of a run's audience.
-- params: run_id bigint, bucket smallint, users bigint[]
-- returns: none
-- writes: push.audience_block
INSERT INTO push.audience_block (run_id, bucket, users)
VALUES (CAST(:run_id AS bigint), CAST(:bucket AS smallint), CAST(:users AS bigint[]))
