-- insert_audience_fields: keep the fields for the texts of some buckets, aligned with the users of the blocks.
-- params: run_id bigint, buckets smallint[], first_places integer[], last_places integer[], fields text[]
-- returns: none
-- writes: push.audience_field
INSERT INTO push.audience_field (run_id, bucket, fields)
SELECT
    CAST(:run_id AS bigint) AS run_id,
    b.bucket,
    (CAST(:fields AS text[]))[b.first_place:b.last_place] AS fields
FROM unnest(
    CAST(:buckets AS smallint[]), CAST(:first_places AS integer[]), CAST(:last_places AS integer[])
) AS b (bucket, first_place, last_place)
