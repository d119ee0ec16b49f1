-- list_triggers: every trigger with its version in force, whether it is on, and who approved it as it stands.
-- params: none
-- returns: many (trigger_id bigint, name text, title text, is_on boolean, version integer, edited_by text[], approved_by text, cool_down interval, ttl interval)
-- writes: nothing
SELECT
    t.trigger_id,
    t.name,
    v.title,
    t.is_on,
    v.version,
    v.edited_by,
    a.approved_by,
    v.cool_down,
    v.ttl
FROM push.trigger_rule AS t
INNER JOIN push.trigger_rule_version AS v
    ON t.trigger_id = v.trigger_id AND t.current_version = v.version
LEFT JOIN push.approval AS a
    ON a.source_kind = 'trigger'
    AND t.trigger_id = a.source_id
    AND v.version = a.version
    AND v.content_hash = a.content_hash
    AND a.withdrawn_at IS NULL
ORDER BY t.name
