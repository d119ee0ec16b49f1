-- erase_installations: close a person's installs and forget address and owner.
-- params: user_id bigint, now timestamptz
-- returns: none
-- writes: push.installation
UPDATE push.installation AS i SET
    user_id = NULL,
    address = '',
    app_version = NULL,
    is_active = FALSE,
    closed_reason = 'erased',
    changed_at = CAST(:now AS timestamptz)
WHERE i.user_id = CAST(:user_id AS bigint);
