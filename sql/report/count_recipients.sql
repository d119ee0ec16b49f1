-- count_recipients: how many people a bucket holds.
-- params: bucket smallint
-- returns: one (users bigint)
-- writes: nothing
SELECT count(*) AS users
FROM push.recipient AS r
WHERE r.bucket = CAST(:bucket AS smallint)
