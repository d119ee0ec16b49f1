-- installation: app installs and their push addresses; user_id is null while nobody is signed in.
-- params: since timestamptz
-- returns: many (installation_id text, user_id bigint, provider text, address_kind text, address text, platform text,
--          app_version text, is_active boolean, last_seen_at timestamptz, changed_at timestamptz)
-- writes: nothing
SELECT
    installation_id,
    customer_id AS user_id,
    provider,
    address_kind,
    push_address AS address,
    platform,
    app_version,
    is_active,
    last_seen_at,
    updated_at AS changed_at
FROM shop.installation
WHERE updated_at > CAST(:since AS timestamptz)
