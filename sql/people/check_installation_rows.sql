-- check_installation_rows: give app installs their types, or the reason why a row cannot be taken.
-- params: now timestamptz
-- returns: none
-- writes: installation_row
-- why: OFFSET 0 keeps each check computed once a row; merged into one level they are computed up to thirteen times.
INSERT INTO installation_row (
    row_key, reason, bucket, installation_id, user_id, provider, address_kind, address, platform, app_version,
    is_active, last_seen_at, changed_at
)
SELECT
    CASE
        WHEN r.installation_id ~ '^[A-Za-z0-9._:-]{1,80}$' THEN r.installation_id ELSE '#' || left(md5(r::text), 12)
    END,
    r.reason,
    CASE
        WHEN r.reason IS NULL THEN push.bucket_of(coalesce(r.id_text::bigint, hashtextextended(r.installation_id, 7)))
    END,
    r.installation_id,
    CASE WHEN r.reason IS NULL THEN r.id_text::bigint END,
    r.provider,
    r.address_kind,
    r.address,
    r.platform,
    r.app_version,
    coalesce(r.is_active IN ('t', 'true', '1'), TRUE),
    r.last_seen_at,
    r.changed_at
FROM (
    SELECT
        v.*,
        CASE
            WHEN v.installation_id IS NULL THEN 'installation_id is missing'
            WHEN v.id_text !~ '^-?\d{1,18}$' THEN 'user_id is not a whole number'
            WHEN v.id_text::bigint <= 0 THEN 'user_id is not positive'
            WHEN v.address IS NULL THEN 'address is empty'
            WHEN length(v.address) > 2000 THEN 'address is longer than 2000 characters'
            WHEN v.provider IS NULL THEN 'provider is missing'
            WHEN v.address_kind IS NULL THEN 'address_kind is missing'
            WHEN v.platform IS NULL THEN 'platform is missing'
            WHEN v.is_active NOT IN ('t', 'true', '1', 'f', 'false', '0') THEN 'is_active is neither true nor false'
            WHEN v.last_seen_text IS NOT NULL AND v.last_seen_at IS NULL THEN 'last_seen_at is no timestamp'
            WHEN v.changed_at IS NULL THEN 'changed_at is missing or no timestamp'
            WHEN v.changed_at > CAST(:now AS timestamptz) THEN 'changed_at is in the future'
        END AS reason
    FROM (
        SELECT
            nullif(trim(s.installation_id), '') AS installation_id,
            nullif(trim(s.user_id), '') AS id_text,
            nullif(lower(trim(s.provider)), '') AS provider,
            nullif(lower(trim(s.address_kind)), '') AS address_kind,
            nullif(trim(s.address), '') AS address,
            nullif(lower(trim(s.platform)), '') AS platform,
            nullif(trim(s.app_version), '') AS app_version,
            nullif(lower(trim(s.is_active)), '') AS is_active,
            nullif(trim(s.last_seen_at), '') AS last_seen_text,
            push.parse_moment(nullif(trim(s.last_seen_at), '')) AS last_seen_at,
            push.parse_moment(s.changed_at) AS changed_at
        FROM installation_stage AS s
        OFFSET 0
    ) AS v
    OFFSET 0
) AS r;
