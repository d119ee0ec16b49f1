-- erase_batch_users: put 0 in the place of a person in the batches; positions and counts stay.
-- params: user_id bigint, bucket smallint
-- returns: none
-- writes: push.send_batch
UPDATE push.send_batch AS b SET users = array_replace(b.users, CAST(:user_id AS bigint), 0)
WHERE b.bucket = CAST(:bucket AS smallint) AND CAST(:user_id AS bigint) = any(b.users);
