-- erase_audience_fields: blank a person's fields in the snapshots; before the ids go, for they say where.
-- params: user_id bigint, bucket smallint
-- returns: none
-- writes: push.audience_field
UPDATE push.audience_field AS f SET fields[array_position(a.users, CAST(:user_id AS bigint))] = '[]'
FROM push.audience_block AS a
WHERE
    a.bucket = CAST(:bucket AS smallint) AND CAST(:user_id AS bigint) = any(a.users)
    AND f.run_id = a.run_id AND f.bucket = a.bucket;
