-- insert_trigger_version: keep a trigger's settings as its new current version; the same content again keeps the version.
-- params: name text, title text, push_class text, parameters jsonb, cool_down interval, ttl interval, priority smallint, limit_mode text, control_share integer, link text, utm_campaign text, texts jsonb, content_hash text, editors text[], now timestamptz
-- returns: one (trigger_id bigint, version integer)
-- writes: trigger_rule, trigger_rule_version
-- why: the upsert locks the trigger's row first, so two editors get two versions, one after the other.
WITH rule AS (
    INSERT INTO push.trigger_rule (name, current_version)
    VALUES (CAST(:name AS text), 1)
    ON CONFLICT (name) DO UPDATE
    SET current_version = trigger_rule.current_version + CASE WHEN (
        SELECT v.content_hash
        FROM push.trigger_rule_version AS v
        WHERE v.trigger_id = trigger_rule.trigger_id AND v.version = trigger_rule.current_version
    ) = CAST(:content_hash AS text) THEN 0 ELSE 1 END
    RETURNING trigger_id, current_version
),

kept AS (
    INSERT INTO push.trigger_rule_version (
        trigger_id, version, title, class, parameters, cool_down, ttl, priority, limit_mode, control_share,
        link, utm_campaign, texts, content_hash, edited_by, edited_at
    )
    SELECT
        r.trigger_id,
        r.current_version,
        CAST(:title AS text),
        CAST(CAST(:push_class AS text) AS push.class),
        CAST(:parameters AS jsonb),
        CAST(:cool_down AS interval),
        CAST(:ttl AS interval),
        CAST(:priority AS smallint),
        CAST(:limit_mode AS text),
        CAST(:control_share AS integer),
        CAST(:link AS text),
        CAST(:utm_campaign AS text),
        CAST(:texts AS jsonb),
        CAST(:content_hash AS text),
        CAST(:editors AS text[]),
        CAST(:now AS timestamptz)
    FROM rule AS r
    ON CONFLICT (trigger_id, version) DO NOTHING
)

SELECT
    r.trigger_id,
    r.current_version AS version
FROM rule AS r
