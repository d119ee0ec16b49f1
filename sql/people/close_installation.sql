-- close_installation: an install gets no more pushes: the provider called its address dead, or the app was removed.
-- params: installation_id text, reason text, now timestamptz
-- returns: many (user_id bigint)
-- writes: push.installation
UPDATE push.installation AS i SET
    is_active = FALSE,
    closed_reason = CAST(:reason AS text),
    changed_at = greatest(i.changed_at, CAST(:now AS timestamptz))
WHERE i.installation_id = CAST(:installation_id AS text) AND i.is_active
RETURNING i.user_id;
