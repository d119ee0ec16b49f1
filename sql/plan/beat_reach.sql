-- beat_reach: a sign of life with the progress; no row when the request is void.
-- params: campaign_code text, request_no integer, buckets_done integer, buckets_total integer
-- returns: many (campaign_code text)
-- writes: push.reach_estimate
-- why: while who holds the slots is counted, the numbers are ready and the request is still somebody's.
UPDATE push.reach_estimate AS e SET
    beat_at = clock_timestamp(),
    buckets_done = CAST(:buckets_done AS integer),
    buckets_total = CAST(:buckets_total AS integer)
WHERE e.campaign_code = CAST(:campaign_code AS text)
    AND e.request_no = CAST(:request_no AS integer)
    AND e.state IN ('running', 'ready')
RETURNING e.campaign_code
