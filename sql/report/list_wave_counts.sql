-- list_wave_counts: per lane, what a wave decided: users, enqueued ones, those whom a cap or their own limit stopped; and how long it took.
-- params: wave_id bigint
-- returns: many (lane push.lane, decided bigint, enqueued bigint, cap_hits bigint, seconds double precision)
-- writes: nothing
-- why: a resumed run brings buckets of an earlier wave; only those decided at this wave's moment count.
SELECT
    l.lane,
    coalesce(CAST(sum(m.audience_users) AS bigint), 0) AS decided,
    coalesce(CAST(sum(m.enqueued_users) AS bigint), 0) AS enqueued,
    coalesce(CAST(sum(k.cap_hits) AS bigint), 0) AS cap_hits,
    CAST(extract(EPOCH FROM coalesce(w.finished_at, clock_timestamp()) - w.planned_at) AS double precision) AS seconds
FROM push.wave AS w
CROSS JOIN unnest(enum_range(CAST(NULL AS push.lane))) AS l (lane)
LEFT JOIN push.run AS r ON w.wave_id = r.wave_id AND l.lane = r.lane
LEFT JOIN push.run_bucket AS m ON r.run_id = m.run_id AND w.planned_at = m.planned_at
LEFT JOIN LATERAL (
    SELECT sum(d.user_count) AS cap_hits
    FROM push.decision_block AS d
    INNER JOIN push.reason AS c ON d.reason = c.reason
    WHERE d.run_id = m.run_id AND d.bucket = m.bucket AND c.code IN ('capped', 'own_limit')
) AS k ON true
WHERE w.wave_id = CAST(:wave_id AS bigint)
GROUP BY l.lane, w.planned_at, w.finished_at
ORDER BY l.lane
