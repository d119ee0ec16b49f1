-- read_blocks: an audience by bucket: ids and, aligned with them, the fields for the texts.
-- params: bucket_mask bigint, field_cap integer
-- returns: many (bucket smallint, row_count bigint, users bigint[], fields text[], widest integer)
-- writes: nothing
-- why: 64 rows of arrays instead of a row a user; the arrays go into the snapshot as the bytes they are (1M users
--      with two fields:
--      0.5 s). Fields that are too wide are left out and only measured (`widest`), for arrays of them would be held
--      in memory all at once. The hash is that of push.bucket_of, written out because the role has no right to the
--      schema push and may read from
--      another server. `audience` is the file's SELECT, put before this as a CTE.
SELECT
    CAST(hashint8extended(a.user_id, 7) & CAST(:bucket_mask AS bigint) AS smallint) AS bucket,
    count(*) AS row_count,
    array_agg(a.user_id) AS users,
    array_agg(CASE WHEN octet_length(a.fields) <= CAST(:field_cap AS integer) THEN a.fields END) AS fields,
    max(octet_length(a.fields)) AS widest
FROM audience AS a
GROUP BY 1
