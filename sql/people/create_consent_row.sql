-- create_consent_row: consents with their types, each with its bucket or the reason why it cannot be taken.
-- params: none
-- returns: none
-- writes: consent_row
CREATE TEMPORARY TABLE consent_row (
    row_key text NOT NULL,
    reason text,
    bucket smallint,
    user_id bigint,
    purpose text,
    is_granted boolean,
    source text,
    changed_at timestamptz
);
