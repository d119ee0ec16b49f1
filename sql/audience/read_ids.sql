-- read_ids: an audience by bucket, ids only.
-- params: bucket_mask bigint
-- returns: many (bucket smallint, row_count bigint, users bigint[])
-- writes: nothing
-- why: as read_blocks, without paying for texts that nobody uses. `audience` is the file's SELECT, put before this as
--      a CTE.
SELECT
    CAST(hashint8extended(a.user_id, 7) & CAST(:bucket_mask AS bigint) AS smallint) AS bucket,
    count(*) AS row_count,
    array_agg(a.user_id) AS users
FROM audience AS a
GROUP BY 1
