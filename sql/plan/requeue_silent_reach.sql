-- requeue_silent_reach: put back what somebody counted who gives no sign of life any more.
-- params: silence interval
-- returns: none
-- writes: push.reach_estimate
UPDATE push.reach_estimate AS e SET
    state = 'queued',
    request_no = e.request_no + 1
WHERE e.state = 'running' AND e.beat_at < clock_timestamp() - CAST(:silence AS interval)
