-- view_any_brief: every brief's current version with its fields as columns, approved or not.
-- params: none
-- returns: none
-- writes: nothing
-- why: the one place that reads the canonical JSON; approved_brief stands on it, an estimate before
--   approval reads it as it is.
CREATE OR REPLACE VIEW push.any_brief AS
SELECT
    b.brief_id,
    b.current_version AS version,
    v.content_hash,
    b.campaign_code,
    b.status,
    b.notes ->> 'idea' AS title,
    v.content ->> 'sql_hash' AS sql_hash,
    (v.content ->> 'class')::push.class AS class,
    (v.content ->> 'send_at')::timestamp AS send_at,
    (v.content ->> 'local_time')::boolean AS local_time,
    v.content ->> 'repeat' AS repeat,
    (v.content ->> 'ttl_hours')::integer AS ttl_hours,
    v.content #>> '{audience,name}' AS audience,
    v.content #> '{audience,parameters}' AS audience_parameters,
    v.content -> 'exclude' AS exclude,
    (v.content ->> 'control_share')::integer AS control_share,
    array(
        SELECT s.share::integer
        FROM jsonb_array_elements_text(v.content -> 'variant_shares') WITH ORDINALITY AS s (share, variant)
        ORDER BY s.variant
    ) AS variant_shares,
    (v.content ->> 'priority')::smallint AS priority,
    (v.content ->> 'max_users')::integer AS max_users,
    (v.content ->> 'throttle')::integer AS throttle,
    v.content ->> 'limit_mode' AS limit_mode,
    v.content ->> 'link' AS link,
    coalesce(v.content ->> 'image_url', '') AS image_url,
    v.content ->> 'utm_campaign' AS utm_campaign,
    (v.content ->> 'promo_end')::date AS promo_end,
    array(
        SELECT t.tag
        FROM jsonb_array_elements_text(v.content -> 'tags') WITH ORDINALITY AS t (tag, place)
        ORDER BY t.place
    ) AS tags
FROM push.brief AS b
INNER JOIN push.brief_version AS v ON b.brief_id = v.brief_id AND b.current_version = v.version;
COMMENT ON VIEW push.any_brief IS
'Briefs as they stand, approved or not. send_at is the wall clock of the project, or of each user where local_time.';
GRANT SELECT ON push.any_brief TO pushline_planner, pushline_page;
