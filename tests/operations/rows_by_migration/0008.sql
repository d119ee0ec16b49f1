INSERT INTO push.check_result (check_name, severity, checked_at, offending)
VALUES ('once', 'fail', '2026-11-21', 0);
INSERT INTO push.audit_log (happened_at, who, what) VALUES ('2026-11-21', 'dana', 'paused');
