INSERT INTO push.person (user_id, language, zone, weekly_limit, changed_at)
SELECT n, 'kk-KZ', 'Asia/Almaty', 3, '2026-11-01' FROM generate_series(11, 16) AS n;
INSERT INTO push.consent (user_id, purpose, changed_at, is_granted, source)
SELECT n, 'marketing', '2026-11-01', true, 'app' FROM generate_series(11, 16) AS n;
INSERT INTO push.installation (
    installation_id, user_id, provider, address_kind, address, platform, changed_at
)
SELECT 'phone-' || n, n, 'fcm', 'token', 'address-' || n, 'android', '2026-11-01'
FROM generate_series(11, 16) AS n;
INSERT INTO push.quarantine (source, row_key, reason, seen_at)
VALUES ('person', 'x', 'user_id is no number', '2026-11-01');
INSERT INTO push.sync_state VALUES ('person', '2026-11-01');
INSERT INTO push.control_group (salt, share, starts_at) VALUES (5, 100, '2026-11-01');
INSERT INTO push.control_member VALUES (15, 1, '2026-11-01', NULL);
INSERT INTO push.recipient (bucket, zone_id, consents, weekly_limit, user_id, is_reachable)
SELECT push.bucket_of(n), 0, 1, 3, n, true FROM generate_series(11, 16) AS n;
