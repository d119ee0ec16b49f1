-- erase_control_member: forget that a person was in control groups.
-- params: user_id bigint
-- returns: none
-- writes: push.control_member
DELETE FROM push.control_member AS m
WHERE m.user_id = CAST(:user_id AS bigint);
