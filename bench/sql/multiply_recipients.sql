-- The planner's rows of the multiplied, by bucket as everywhere; who is in the control group is worked out afterwards.
INSERT INTO push.recipient (bucket, zone_id, language_id, consents, weekly_limit, user_id, is_reachable, is_control, is_erased)
SELECT
    push.bucket_of(r.user_id + s.shift),
    r.zone_id,
    r.language_id,
    r.consents,
    r.weekly_limit,
    r.user_id + s.shift,
    r.is_reachable,
    false,
    r.is_erased
FROM generate_series(CAST(:base AS bigint), CAST(:users AS bigint) - 1, CAST(:base AS bigint)) AS s (shift)
INNER JOIN push.recipient AS r ON r.user_id <= least(CAST(:base AS bigint), CAST(:users AS bigint) - s.shift)
ORDER BY s.shift, r.user_id
