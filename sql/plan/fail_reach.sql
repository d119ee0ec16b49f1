-- fail_reach: keep why a request could not be counted, unless it is void; its last numbers stay.
-- params: campaign_code text, request_no integer, fault_code text, fault text
-- returns: none
-- writes: push.reach_estimate
UPDATE push.reach_estimate AS e SET
    state = 'failed',
    fault_code = CAST(:fault_code AS text),
    fault = CAST(:fault AS text)
WHERE e.campaign_code = CAST(:campaign_code AS text)
    AND e.request_no = CAST(:request_no AS integer)
    AND e.state = 'running'
