-- get_person: what we hold of a user, kept from changing until the transaction ends.
-- params: user_id bigint
-- returns: many (language text, zone text, weekly_limit smallint, is_erased boolean)
-- writes: nothing
SELECT
    p.language,
    p.zone,
    p.weekly_limit,
    p.is_erased
FROM push.person AS p
WHERE p.user_id = CAST(:user_id AS bigint)
FOR NO KEY UPDATE;
