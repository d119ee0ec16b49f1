INSERT INTO push.trigger_rule (name) VALUES ('price_drop');
INSERT INTO push.trigger_rule_version (
    trigger_id, version, title, cool_down, ttl, utm_campaign, texts, content_hash,
    edited_by, edited_at
) VALUES (1, 1, 'Cheaper', '72 hours', '2 hours', 'drop', '{}', 'c3', '{ivan}', '2026-11-01');
