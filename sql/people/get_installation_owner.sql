-- get_installation_owner: who is logged in on an install now, kept from changing until the transaction ends.
-- params: installation_id text
-- returns: many (user_id bigint, closed_reason text)
-- writes: nothing
SELECT
    i.user_id,
    i.closed_reason
FROM push.installation AS i
WHERE i.installation_id = CAST(:installation_id AS text)
FOR UPDATE;
