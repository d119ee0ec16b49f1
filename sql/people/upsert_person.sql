-- upsert_person: take the bucket's people; who was erased stays erased, what is older than ours is passed over.
-- params: bucket smallint
-- returns: none
-- writes: push.person, touched_user
WITH written AS (
    INSERT INTO push.person AS p (user_id, language, zone, weekly_limit, changed_at)
    SELECT DISTINCT ON (n.user_id)
        n.user_id,
        n.language,
        n.zone,
        n.weekly_limit,
        n.changed_at
    FROM person_row AS n
    WHERE n.bucket = CAST(:bucket AS smallint) AND NOT n.is_erased
    ORDER BY n.user_id ASC, n.changed_at DESC
    ON CONFLICT (user_id) DO UPDATE
        SET
            language = excluded.language,
            zone = excluded.zone,
            weekly_limit = excluded.weekly_limit,
            changed_at = excluded.changed_at
        WHERE
        NOT p.is_erased AND p.changed_at <= excluded.changed_at
        AND (p.language, p.zone, p.weekly_limit) IS DISTINCT FROM (
            excluded.language, excluded.zone, excluded.weekly_limit
        )
    RETURNING p.user_id
)

INSERT INTO touched_user (user_id) SELECT w.user_id FROM written AS w;
