-- erase_events: forget what a person did.
-- params: user_id bigint
-- returns: none
-- writes: push.event
DELETE FROM push.event AS e
WHERE e.user_id = CAST(:user_id AS bigint);
