-- count_left: of some runs, or of all whose deadline lies ahead: how many pushes have left (begun, whatever came of it), how many have not.
-- params: lane push.lane, run_ids bigint[], now timestamptz
-- returns: one (left_already bigint, waiting bigint)
-- writes: nothing
SELECT
    coalesce(CAST(sum(c.left_already) AS bigint), 0) AS left_already,
    coalesce(CAST(sum(c.waiting + c.claimed) AS bigint), 0) - coalesce(CAST(sum(c.begun) AS bigint), 0) AS waiting
FROM push.run AS r
INNER JOIN (
    SELECT
        k.run_day, k.run_id, k.left_already, k.waiting, k.claimed,
        k.left_already - k.accepted - k.rejected - k.unknown AS begun
    FROM push.batch_state_count AS k
) AS c ON r.run_day = c.run_day AND r.run_id = c.run_id
WHERE (CAST(:lane AS push.lane) IS NULL OR r.lane = CAST(:lane AS push.lane))
    AND (CAST(:run_ids AS bigint[]) IS NULL OR r.run_id = ANY(CAST(:run_ids AS bigint[])))
    AND (CAST(:run_ids AS bigint[]) IS NOT NULL OR r.expires_at > CAST(:now AS timestamptz))
