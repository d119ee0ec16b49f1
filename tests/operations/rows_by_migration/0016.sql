INSERT INTO push.reach_estimate (
    campaign_code, state, requested_by, requested_at, as_of, planned_for, version, content_hash, audience, will_get, parts
)
VALUES (
    'C-2026-001', 'ready', 'mia', now(), now(), now(), 1, 'hash', 3, 2,
    '[{"reason": "capped", "rule_no": 1, "rule_title": "week", "users": 1}]'
);
