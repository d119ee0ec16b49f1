-- list_active_triggers: the triggers that are on and whose current version somebody approved as it stands.
-- params: none
-- returns: many (trigger_id bigint, name text, version integer, content_hash text, title text, push_class text, parameters jsonb, cool_down interval, ttl interval, priority smallint, limit_mode text, control_share integer, link text, utm_campaign text, texts jsonb)
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
    v.texts
FROM push.trigger_rule AS t
INNER JOIN push.trigger_rule_version AS v
    ON t.trigger_id = v.trigger_id AND t.current_version = v.version
WHERE t.is_on AND EXISTS (
    SELECT
    FROM push.approval AS a
    WHERE a.source_kind = 'trigger'
        AND a.source_id = t.trigger_id
        AND a.version = v.version
        AND a.content_hash = v.content_hash
        AND a.withdrawn_at IS NULL
)
ORDER BY t.trigger_id
