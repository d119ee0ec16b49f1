-- take_reach: take the request that waits longest; no row when none waits or one is being counted.
-- params: none
-- returns: many (campaign_code text, request_no integer, requested_by text)
-- writes: push.reach_estimate
-- why: of two who take at once the index reach_one_running_idx lets one through; the other gets its error.
UPDATE push.reach_estimate AS e SET
    state = 'running',
    beat_at = clock_timestamp()
WHERE e.campaign_code = (
    SELECT w.campaign_code
    FROM push.reach_estimate AS w
    WHERE w.state = 'queued'
        AND NOT EXISTS (SELECT FROM push.reach_estimate AS r WHERE r.state = 'running')
    ORDER BY w.requested_at, w.campaign_code
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING e.campaign_code, e.request_no, e.requested_by
