-- upsert_installations: take the bucket's app installs that are newer than ours.
-- params: bucket smallint
-- returns: none
-- writes: push.installation, touched_user
-- why: an address that the provider called dead stays closed until the app reports another one.
WITH incoming AS (
    SELECT DISTINCT ON (n.installation_id)
        n.*,
        old.user_id AS old_user_id,
        coalesce(NOT old.is_active AND old.closed_reason = 'unregistered' AND old.address = n.address, FALSE) AS is_dead
    FROM installation_row AS n
    LEFT JOIN push.installation AS old ON n.installation_id = old.installation_id
    WHERE
        n.bucket = CAST(:bucket AS smallint)
        AND (old.installation_id IS NULL OR old.changed_at < n.changed_at)
        AND NOT EXISTS (
            SELECT FROM push.person AS p
            WHERE p.user_id = n.user_id AND p.is_erased
        )
        AND old.closed_reason IS DISTINCT FROM 'erased'
    ORDER BY n.installation_id ASC, n.changed_at DESC
),

written AS (
    INSERT INTO push.installation AS i (
        installation_id, user_id, provider, address_kind, address, platform, app_version,
        is_active, closed_reason, last_seen_at, changed_at
    )
    SELECT
        n.installation_id,
        n.user_id,
        n.provider,
        n.address_kind,
        n.address,
        n.platform,
        n.app_version,
        n.is_active AND NOT n.is_dead,
        CASE WHEN n.is_dead THEN 'unregistered' ELSE n.closed_reason END,
        n.last_seen_at,
        n.changed_at
    FROM incoming AS n
    ON CONFLICT (installation_id) DO UPDATE
        SET
            user_id = excluded.user_id,
            provider = excluded.provider,
            address_kind = excluded.address_kind,
            address = excluded.address,
            platform = excluded.platform,
            app_version = excluded.app_version,
            is_active = excluded.is_active,
            closed_reason = excluded.closed_reason,
            last_seen_at = excluded.last_seen_at,
            changed_at = excluded.changed_at
        WHERE i.changed_at < excluded.changed_at
    RETURNING i.installation_id, i.user_id
)

INSERT INTO touched_user (user_id)
SELECT w.user_id FROM written AS w
WHERE w.user_id IS NOT NULL
UNION ALL
SELECT n.old_user_id FROM incoming AS n
WHERE n.old_user_id IS NOT NULL;
