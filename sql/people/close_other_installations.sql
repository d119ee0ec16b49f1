-- close_other_installations: free an address that another install reports; the last to report it has it.
-- params: installation_id text, address_kind text, address text, now timestamptz
-- returns: many (user_id bigint)
-- writes: push.installation
UPDATE push.installation AS i SET
    is_active = FALSE,
    closed_reason = 'address_moved',
    changed_at = greatest(i.changed_at, CAST(:now AS timestamptz))
WHERE
    i.is_active AND i.address_kind = CAST(:address_kind AS text) AND i.address = CAST(:address AS text)
    AND i.installation_id <> CAST(:installation_id AS text)
RETURNING i.user_id;
