INSERT INTO push.consent (user_id, purpose, changed_at, is_granted, source)
SELECT
    c.user_id + s.shift,
    c.purpose,
    c.changed_at,
    c.is_granted,
    c.source
FROM generate_series(CAST(:base AS bigint), CAST(:users AS bigint) - 1, CAST(:base AS bigint)) AS s (shift)
INNER JOIN push.consent AS c ON c.user_id <= least(CAST(:base AS bigint), CAST(:users AS bigint) - s.shift)
ORDER BY s.shift, c.user_id, c.purpose, c.changed_at
