-- set_weekly_limit: how many pushes a week a user wants at most; null takes the limit away.
-- params: user_id bigint, weekly_limit smallint, now timestamptz
-- returns: none
-- writes: push.person
UPDATE push.person AS p SET
    weekly_limit = CAST(:weekly_limit AS smallint),
    changed_at = greatest(p.changed_at, CAST(:now AS timestamptz))
WHERE p.user_id = CAST(:user_id AS bigint) AND NOT p.is_erased;
