-- list_reach: reach estimates of some briefs (null: of all), with what makes them stale.
-- params: codes text[], now timestamptz
-- returns: many (campaign_code text, state text, request_no integer, requested_by text, requested_at timestamptz, is_silent boolean, buckets_done integer, buckets_total integer, fault_code text, fault text, as_of timestamptz, planned_for timestamptz, version integer, audience integer, will_get integer, parts jsonb, by_variant jsonb, by_language jsonb, takers jsonb, milliseconds integer, is_old boolean, is_changed boolean, is_overtaken boolean, is_fresh boolean)
-- writes: nothing
SELECT
    e.campaign_code, e.state, e.request_no, e.requested_by, e.requested_at, e.is_silent, e.buckets_done, e.buckets_total,
    e.fault_code, e.fault, e.as_of, e.planned_for, e.version, e.audience, e.will_get, e.parts, e.by_variant, e.by_language, e.takers,
    e.milliseconds, e.is_old, e.is_changed, e.is_overtaken, e.is_fresh
FROM push.reach_at(CAST(:now AS timestamptz)) AS e
WHERE CAST(:codes AS text[]) IS NULL OR e.campaign_code = ANY(CAST(:codes AS text[]))
ORDER BY e.campaign_code
