-- get_lane_status: per lane, pushes by state, how old the oldest due batch is, and the speed of the last minutes.
-- params: now timestamptz
-- returns: many (lane push.lane, is_paused boolean, waiting bigint, due bigint, claimed bigint, accepted bigint,
--   rejected bigint, unknown bigint, withheld bigint, expired bigint, cancelled bigint, oldest_due_at timestamptz,
--   pushes_per_minute double precision)
-- writes: nothing
-- why: open pushes whatever their age (an occasion is at most 28 days + deferral back), ended ones of the last 24
--   hours; speed over five minutes.
WITH lane AS (
    SELECT l.lane FROM unnest(enum_range(CAST(NULL AS push.lane))) AS l (lane)
),
batch AS (
    SELECT
        b.lane, b.status, b.user_count, b.state_counts, b.not_before, b.leave_by, b.done_at,
        coalesce(b.state_counts[1] + b.state_counts[2], b.user_count) AS open_count
    FROM push.send_batch AS b
    WHERE b.run_day >= CAST(CAST(:now AS timestamptz) - interval '62 days' AS date)
        AND (b.status IN ('waiting', 'claimed') OR b.done_at > CAST(:now AS timestamptz) - interval '24 hours')
)
SELECT
    l.lane,
    push.is_paused(l.lane, NULL) AS is_paused,
    CAST(coalesce(sum(b.open_count) FILTER (WHERE b.status = 'waiting'), 0) AS bigint) AS waiting,
    CAST(coalesce(sum(b.open_count) FILTER (
        WHERE b.status = 'waiting' AND b.not_before <= CAST(:now AS timestamptz) AND b.leave_by > CAST(:now AS timestamptz)
    ), 0) AS bigint) AS due,
    CAST(coalesce(sum(b.open_count) FILTER (WHERE b.status = 'claimed'), 0) AS bigint) AS claimed,
    coalesce(sum(b.state_counts[3]), 0) AS accepted,
    coalesce(sum(b.state_counts[4]), 0) AS rejected,
    coalesce(sum(b.state_counts[5]), 0) AS unknown,
    coalesce(sum(b.state_counts[6]), 0) AS withheld,
    coalesce(sum(coalesce(b.state_counts[7], CASE WHEN b.status = 'expired' THEN b.user_count END)), 0) AS expired,
    coalesce(sum(coalesce(b.state_counts[8], CASE WHEN b.status = 'cancelled' THEN b.user_count END)), 0) AS cancelled,
    min(b.not_before) FILTER (
        WHERE b.status = 'waiting' AND b.not_before <= CAST(:now AS timestamptz) AND b.leave_by > CAST(:now AS timestamptz)
    ) AS oldest_due_at,
    CAST(coalesce(sum(b.state_counts[3] + b.state_counts[4] + b.state_counts[5]) FILTER (
        WHERE b.done_at > CAST(:now AS timestamptz) - interval '5 minutes'
    ), 0) AS double precision) / 5 AS pushes_per_minute
FROM lane AS l
LEFT JOIN batch AS b ON b.lane = l.lane
GROUP BY l.lane
ORDER BY l.lane
