-- close_lost_installations: free the addresses that the bucket's installs take over.
-- params: bucket smallint
-- returns: none
-- writes: push.installation, touched_user
WITH written AS (
    UPDATE push.installation AS old SET
        is_active = FALSE,
        closed_reason = 'address_moved',
        changed_at = greatest(old.changed_at, n.changed_at)
    FROM installation_row AS n
    WHERE
        n.bucket = CAST(:bucket AS smallint) AND n.is_active
        AND old.is_active AND old.address_kind = n.address_kind AND old.address = n.address
        AND old.installation_id <> n.installation_id
    RETURNING old.user_id
)

INSERT INTO touched_user (user_id) SELECT w.user_id FROM written AS w
WHERE w.user_id IS NOT NULL;
