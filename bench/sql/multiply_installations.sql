-- Installs that belong to somebody, each with an id and an address of its own.
INSERT INTO push.installation (
    installation_id, user_id, provider, address_kind, address, platform, app_version, is_active, closed_reason, last_seen_at, changed_at
)
SELECT
    s.shift || '-' || i.installation_id,
    i.user_id + s.shift,
    i.provider,
    i.address_kind,
    s.shift || '-' || i.address,
    i.platform,
    i.app_version,
    i.is_active,
    i.closed_reason,
    i.last_seen_at,
    i.changed_at
FROM generate_series(CAST(:base AS bigint), CAST(:users AS bigint) - 1, CAST(:base AS bigint)) AS s (shift)
INNER JOIN push.installation AS i ON i.user_id <= least(CAST(:base AS bigint), CAST(:users AS bigint) - s.shift)
ORDER BY s.shift, i.installation_id
