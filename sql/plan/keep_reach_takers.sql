-- keep_reach_takers: add to a finished estimate which runs hold the slots; not when it was asked for anew.
-- params: campaign_code text, request_no integer, takers jsonb
-- returns: none
-- writes: push.reach_estimate
UPDATE push.reach_estimate AS e SET
    takers = CAST(:takers AS jsonb)
WHERE e.campaign_code = CAST(:campaign_code AS text)
    AND e.request_no = CAST(:request_no AS integer)
    AND e.state = 'ready'
