-- insert_consents: add the bucket's consents that we do not have yet.
-- params: bucket smallint
-- returns: none
-- writes: push.consent, touched_user
WITH written AS (
    INSERT INTO push.consent (user_id, purpose, changed_at, is_granted, source)
    SELECT DISTINCT ON (n.user_id, n.purpose, n.changed_at)
        n.user_id,
        n.purpose,
        n.changed_at,
        n.is_granted,
        n.source
    FROM consent_row AS n
    WHERE
        n.bucket = CAST(:bucket AS smallint)
        AND NOT EXISTS (
            SELECT FROM push.person AS p
            WHERE p.user_id = n.user_id AND p.is_erased
        )
    ORDER BY n.user_id, n.purpose, n.changed_at, n.is_granted
    ON CONFLICT (user_id, purpose, changed_at) DO NOTHING
    RETURNING user_id
)

INSERT INTO touched_user (user_id) SELECT w.user_id FROM written AS w;
