INSERT INTO push.person (user_id, language, zone, weekly_limit, is_erased, changed_at)
SELECT
    p.user_id + s.shift,
    p.language,
    p.zone,
    p.weekly_limit,
    p.is_erased,
    p.changed_at
FROM generate_series(CAST(:base AS bigint), CAST(:users AS bigint) - 1, CAST(:base AS bigint)) AS s (shift)
INNER JOIN push.person AS p ON p.user_id <= least(CAST(:base AS bigint), CAST(:users AS bigint) - s.shift)
ORDER BY s.shift, p.user_id
