-- create_installation_row: app installs with their types, each with its bucket or the reason why it cannot be taken.
-- params: none
-- returns: none
-- writes: installation_row
CREATE TEMPORARY TABLE installation_row (
    row_key text NOT NULL,
    reason text,
    bucket smallint,
    installation_id text,
    user_id bigint,
    provider text,
    address_kind text,
    address text,
    platform text,
    app_version text,
    is_active boolean,
    closed_reason text,
    last_seen_at timestamptz,
    changed_at timestamptz
);
