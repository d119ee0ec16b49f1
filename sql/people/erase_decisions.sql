-- erase_decisions: put 0 in the place of a person among those left out; counts stay.
-- params: user_id bigint, bucket smallint
-- returns: none
-- writes: push.decision_block
UPDATE push.decision_block AS d SET users = array_replace(d.users, CAST(:user_id AS bigint), 0)
WHERE d.bucket = CAST(:bucket AS smallint) AND CAST(:user_id AS bigint) = any(d.users);
