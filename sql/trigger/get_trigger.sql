-- get_trigger: one trigger's version in force, approved or not.
-- params: name text
-- returns: one (trigger_id bigint, name text, version integer, content_hash text, title text, push_class text, parameters jsonb, cool_down interval, ttl interval, priority smallint, limit_mode text, control_share integer, link text, utm_campaign text, texts jsonb, edited_by text[])
-- writes: nothing
SELECT
    t.trigger_id,
    t.name,
    v.version,
    v.content_hash,
    v.title,
    v.class::text AS push_class,
    v.parameters,
    v.cool_down,
    v.ttl,
    v.priority,
    v.limit_mode,
    v.control_share,
    v.link,
    v.utm_campaign,
    v.texts,
    v.edited_by
FROM push.trigger_rule AS t
INNER JOIN push.trigger_rule_version AS v
    ON t.trigger_id = v.trigger_id AND t.current_version = v.version
WHERE t.name = CAST(:name AS text)
