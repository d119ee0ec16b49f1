-- create_person_row: people with their types, each with its bucket or the reason why it cannot be taken.
-- params: none
-- returns: none
-- writes: person_row
CREATE TEMPORARY TABLE person_row (
    row_key text NOT NULL,
    reason text,
    bucket smallint,
    user_id bigint,
    language text,
    zone text,
    weekly_limit smallint,
    is_erased boolean,
    changed_at timestamptz
);
