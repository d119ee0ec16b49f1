-- upsert_installation: an install reports who is logged in and its push address.
-- params: installation_id text, user_id bigint, provider text, address_kind text, address text, platform text,
--      app_version text, now timestamptz
-- returns: none
-- writes: push.installation
INSERT INTO push.installation AS i (
    installation_id, user_id, provider, address_kind, address, platform, app_version, last_seen_at, changed_at
)
VALUES (
    CAST(:installation_id AS text), CAST(:user_id AS bigint), CAST(:provider AS text), CAST(:address_kind AS text),
    CAST(:address AS text),
    CAST(:platform AS text),
    CAST(:app_version AS text),
    CAST(:now AS timestamptz),
    CAST(:now AS timestamptz)
)
ON CONFLICT (installation_id) DO UPDATE SET
    user_id = excluded.user_id,
    provider = excluded.provider,
    address_kind = excluded.address_kind,
    address = excluded.address,
    platform = excluded.platform,
    app_version = excluded.app_version,
    is_active = TRUE,
    closed_reason = NULL,
    last_seen_at = excluded.last_seen_at,
    changed_at = greatest(i.changed_at, excluded.changed_at);
