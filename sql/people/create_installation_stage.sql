-- create_installation_stage: where the company's app installs arrive as they were written.
-- params: none
-- returns: none
-- writes: installation_stage
CREATE TEMPORARY TABLE installation_stage (
    installation_id text,
    user_id text,
    provider text,
    address_kind text,
    address text,
    platform text,
    app_version text,
    is_active text,
    last_seen_at text,
    changed_at text
);
