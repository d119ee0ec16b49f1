-- function_reach_at: every brief's reach estimate, with what makes it stale at a moment.
-- params: at timestamptz
-- returns: many (campaign_code text, state text, request_no integer, requested_by text, requested_at timestamptz, is_silent boolean, buckets_done integer, buckets_total integer, fault_code text, fault text, as_of timestamptz, planned_for timestamptz, version integer, audience integer, will_get integer, parts jsonb, by_variant jsonb, by_language jsonb, takers jsonb, milliseconds integer, is_old boolean, is_changed boolean, is_overtaken boolean, is_fresh boolean)
-- writes: nothing
-- why: fresh = younger than 15 minutes, of the brief as it stands, and no marketing run was planned since. One row a brief that was ever asked for; the sheet joins it.
CREATE OR REPLACE FUNCTION push.reach_at(at timestamptz)
RETURNS TABLE (
    campaign_code text, state text, request_no integer, requested_by text, requested_at timestamptz, is_silent boolean,
    buckets_done integer, buckets_total integer, fault_code text, fault text, as_of timestamptz, planned_for timestamptz, version integer,
    audience integer, will_get integer, parts jsonb, by_variant jsonb, by_language jsonb, takers jsonb, milliseconds integer,
    is_old boolean, is_changed boolean, is_overtaken boolean, is_fresh boolean
)
LANGUAGE sql STABLE
AS $$
    SELECT
        e.campaign_code, e.state, e.request_no, e.requested_by, e.requested_at,
        e.state = 'running' AND e.beat_at < clock_timestamp() - interval '10 seconds',
        e.buckets_done, e.buckets_total, e.fault_code, e.fault, e.as_of, e.planned_for, e.version,
        e.audience, e.will_get, e.parts, e.by_variant, e.by_language, e.takers, e.milliseconds,
        s.is_old, s.is_changed, s.is_overtaken,
        coalesce(NOT (s.is_old OR s.is_changed OR s.is_overtaken), false)
    FROM push.reach_estimate AS e
    CROSS JOIN (
        SELECT max(greatest(w.planned_at, w.finished_at)) AS planned_at
        FROM push.wave AS w
        WHERE w.lane = 'marketing' AND EXISTS (SELECT FROM push.run AS r WHERE r.wave_id = w.wave_id)
    ) AS latest
    LEFT JOIN push.brief AS b ON e.campaign_code = b.campaign_code
    LEFT JOIN push.brief_version AS v ON b.brief_id = v.brief_id AND b.current_version = v.version
    CROSS JOIN LATERAL (
        SELECT
            e.as_of <= at - interval '15 minutes' AS is_old,
            e.content_hash IS DISTINCT FROM v.content_hash AS is_changed,
            coalesce(latest.planned_at >= e.as_of, false) AS is_overtaken
    ) AS s
$$;
