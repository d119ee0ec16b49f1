INSERT INTO push.audience_field (run_id, bucket, fields)
SELECT
    :run_id,
    :bucket,
    array_agg(f.fields)
FROM rival.field AS f
WHERE f.bucket = CAST(:bucket AS smallint)
