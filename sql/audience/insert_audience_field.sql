-- insert_audience_field: keep the fields for the texts, aligned with the users of the block.
-- params: run_id bigint, bucket smallint, fields text[]
-- returns: none
-- writes: push.audience_field
INSERT INTO push.audience_field (run_id, bucket, fields)
VALUES (CAST(:run_id AS bigint), CAST(:bucket AS smallint), CAST(:fields AS text[]))
