-- cancel_reach: void the requests that are not done yet: of one brief, or of one person but for one brief.
-- params: campaign_code text, by text, except_code text
-- returns: many (campaign_code text)
-- writes: push.reach_estimate
-- why: whoever looks at another brief no longer waits for the one before; colleagues wait their turn and are not thrown out.
--   A null parameter takes no part. A row with numbers goes back to them.
UPDATE push.reach_estimate AS e SET
    state = CASE WHEN e.as_of IS NULL THEN 'cancelled' ELSE 'ready' END,
    request_no = e.request_no + 1,
    beat_at = NULL
WHERE e.state IN ('queued', 'running')
    AND (e.campaign_code = CAST(:campaign_code AS text) OR e.requested_by = CAST(:by AS text))
    AND e.campaign_code IS DISTINCT FROM CAST(:except_code AS text)
RETURNING e.campaign_code
