INSERT INTO push.policy (valid_from, made_by, minimum_gap)
VALUES ('2026-11-01', 'dana', '2 hours');
INSERT INTO push.cap_rule (policy_id, rule_no, title, window_kind, window_length, maximum)
VALUES (1, 1, 'Two a day', 'rolling', '24 hours', 2);
