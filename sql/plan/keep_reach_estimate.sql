-- keep_reach_estimate: keep the numbers of a request that is still wanted; void ones keep nothing.
-- params: campaign_code text, request_no integer, as_of timestamptz, planned_for timestamptz, version integer, content_hash text, audience integer, will_get integer, parts jsonb, by_variant jsonb, by_language jsonb, buckets integer, milliseconds integer
-- returns: many (campaign_code text)
-- writes: push.reach_estimate
UPDATE push.reach_estimate AS e SET
    state = 'ready',
    as_of = CAST(:as_of AS timestamptz),
    planned_for = CAST(:planned_for AS timestamptz),
    version = CAST(:version AS integer),
    content_hash = CAST(:content_hash AS text),
    audience = CAST(:audience AS integer),
    will_get = CAST(:will_get AS integer),
    parts = CAST(:parts AS jsonb),
    by_variant = CAST(:by_variant AS jsonb),
    by_language = CAST(:by_language AS jsonb),
    takers = NULL,
    buckets_done = CAST(:buckets AS integer),
    buckets_total = CAST(:buckets AS integer),
    milliseconds = CAST(:milliseconds AS integer)
WHERE e.campaign_code = CAST(:campaign_code AS text)
    AND e.request_no = CAST(:request_no AS integer)
    AND e.state = 'running'
RETURNING e.campaign_code
