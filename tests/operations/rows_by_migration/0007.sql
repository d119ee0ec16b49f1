INSERT INTO push.send_batch (
    run_day, batch_id, run_id, not_before, expires_at, leave_by, planned_at, user_count,
    class, lane, bucket, variant, is_counted, language, tags, users, status, fence, worker,
    claimed_at, lease_until, done_at, states
) VALUES
('2026-11-21', 16777216 + push.bucket_of(11) * 16384, 1, '2026-11-21 07:00Z', '2026-11-21 13:00Z',
 '2026-11-21 08:00Z', '2026-11-21 07:00Z', 2, 'marketing', 'marketing', push.bucket_of(11), 0, true,
 'ru', '{sale}', '{11,0}', 'waiting', 0, NULL, NULL, NULL, NULL, NULL),
('2026-11-21', 16777217 + push.bucket_of(11) * 16384, 1, '2026-11-21 07:00Z', '2026-11-21 13:00Z',
 '2026-11-21 08:00Z', '2026-11-21 07:00Z', 1, 'marketing', 'marketing', push.bucket_of(11), 0, true,
 'ru', '{sale}', '{12}', 'claimed', 1, 'sender-1', '2026-11-21 07:01Z',
 '2026-11-21 07:03Z', NULL, NULL),
('2026-11-21', 16777218 + push.bucket_of(11) * 16384, 1, '2026-11-21 07:00Z', '2026-11-21 13:00Z',
 '2026-11-21 08:00Z', '2026-11-21 07:00Z', 1, 'marketing', 'marketing', push.bucket_of(11), 0, true,
 'ru', '{sale}', '{13}', 'done', 1, 'sender-1', '2026-11-21 07:01Z', NULL,
 '2026-11-21 07:02Z', '{2}');
INSERT INTO push.batch_field VALUES
('2026-11-21', 16777216 + push.bucket_of(11) * 16384, '2026-11-23 13:00Z', ARRAY['["name 11"]', '[]']),
('2026-11-21', 16777217 + push.bucket_of(11) * 16384, '2026-11-23 13:00Z', ARRAY['["name 12"]']),
('2026-11-21', 16777218 + push.bucket_of(11) * 16384, '2026-11-23 13:00Z', ARRAY['["name 13"]']);
INSERT INTO push.run_throttle VALUES (1);
INSERT INTO push.outcome (run_day, batch_id, position, installation_id, attempt, outcome, ended_at)
VALUES ('2026-11-21', 16777218 + push.bucket_of(11) * 16384, 1, 'phone-13', 1, 2, '2026-11-21 07:02Z');
INSERT INTO push.receipt VALUES
('2026-11-21', 16777218 + push.bucket_of(11) * 16384, 1, 'opened', '2026-11-21 07:05Z', 'open-1');
INSERT INTO push.pause (scope, paused_by, paused_at, resumed_by, resumed_at)
VALUES ('all', 'dana', '2026-11-20', 'dana', '2026-11-20');
INSERT INTO push.event VALUES ('2026-11-21', 'e-1', 11, 'view', '2026-11-21 07:00Z');
