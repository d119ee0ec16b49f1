-- erase_person: leave a tombstone, so that the person does not come back with the next sync.
-- params: user_id bigint, now timestamptz
-- returns: none
-- writes: push.person
INSERT INTO push.person (user_id, is_erased, changed_at)
VALUES (CAST(:user_id AS bigint), TRUE, CAST(:now AS timestamptz))
ON CONFLICT (user_id) DO UPDATE SET
    language = NULL,
    zone = NULL,
    weekly_limit = NULL,
    is_erased = TRUE,
    changed_at = excluded.changed_at;
