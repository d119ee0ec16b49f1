-- erase_audience_users: put 0 in the place of a person in the snapshots; counts stay.
-- params: user_id bigint, bucket smallint
-- returns: none
-- writes: push.audience_block
UPDATE push.audience_block AS a SET
    users = array_replace(a.users, CAST(:user_id AS bigint), 0),
    excluded = array_replace(a.excluded, CAST(:user_id AS bigint), 0),
    over_max = array_replace(a.over_max, CAST(:user_id AS bigint), 0)
WHERE
    a.bucket = CAST(:bucket AS smallint)
    AND (
        CAST(:user_id AS bigint) = any(a.users) OR CAST(:user_id AS bigint) = any(a.excluded)
        OR CAST(:user_id AS bigint) = any(a.over_max)
    );
