-- get_brief_as_it_stands: one brief with all that a run of it would freeze, approved or not; for estimates.
-- params: campaign_code text
-- returns: one (brief_id bigint, version integer, content_hash text, campaign_code text, title text, reach_low integer, reach_high integer, sql_hash text, push_class text, send_at timestamp, local_time boolean, repeat text, ttl_hours integer, audience text, audience_parameters jsonb, exclude jsonb, control_share integer, variant_shares integer[], priority smallint, max_users integer, throttle integer, limit_mode text, link text, image_url text, utm_campaign text, promo_end date, tags text[], approved_at timestamptz)
-- writes: nothing
-- why: the hash of the audience's SQL binds only what was approved; before that a changed file is simply the audience.
SELECT
    b.brief_id,
    b.version,
    b.content_hash,
    b.campaign_code,
    b.title,
    CAST(NULL AS integer) AS reach_low,
    CAST(NULL AS integer) AS reach_high,
    CASE WHEN b.status IN ('approved', 'scheduled', 'sending') THEN b.sql_hash END AS sql_hash,
    b.class::text AS push_class,
    b.send_at,
    b.local_time,
    b.repeat,
    b.ttl_hours,
    b.audience,
    b.audience_parameters,
    b.exclude,
    b.control_share,
    b.variant_shares,
    b.priority,
    b.max_users,
    b.throttle,
    b.limit_mode,
    b.link,
    b.image_url,
    b.utm_campaign,
    b.promo_end,
    b.tags,
    b.send_at AT TIME ZONE 'UTC' AS approved_at
FROM push.any_brief AS b
WHERE b.campaign_code = CAST(:campaign_code AS text)
