-- erase_batch_fields: blank a person's fields for the texts; before the ids go, for they say where.
-- params: user_id bigint, bucket smallint
-- returns: none
-- writes: push.batch_field
UPDATE push.batch_field AS f SET fields[array_position(b.users, CAST(:user_id AS bigint))] = '[]'
FROM push.send_batch AS b
WHERE
    b.bucket = CAST(:bucket AS smallint) AND CAST(:user_id AS bigint) = any(b.users)
    AND f.run_day = b.run_day AND f.batch_id = b.batch_id;
