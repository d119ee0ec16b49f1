-- request_reach: ask for a brief's reach to be counted; an older request for the same brief is void from now on.
-- params: campaign_code text, by text, now timestamptz
-- returns: one (request_no integer)
-- writes: push.reach_estimate
-- why: the last numbers stay until new ones are ready, so that the page has something to show meanwhile.
INSERT INTO push.reach_estimate AS e (campaign_code, state, requested_by, requested_at)
VALUES (CAST(:campaign_code AS text), 'queued', CAST(:by AS text), CAST(:now AS timestamptz))
ON CONFLICT (campaign_code) DO UPDATE SET
    state = 'queued',
    request_no = e.request_no + 1,
    requested_by = excluded.requested_by,
    requested_at = excluded.requested_at,
    beat_at = NULL,
    buckets_done = 0,
    buckets_total = 0,
    fault_code = '',
    fault = ''
RETURNING e.request_no
