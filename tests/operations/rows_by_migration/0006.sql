INSERT INTO push.wave (lane, planned_at) VALUES ('marketing', '2026-11-21 07:00Z');
INSERT INTO push.run (
    source_kind, source_id, occasion, version, content_hash, title, status, class, lane,
    is_counted, due_at, ttl, expires_at, salt, languages, field_names, snapshot_at,
    audience_rows, audience_users, created_at, wave_id
) VALUES (
    'brief', 1, '2026-11-21 07:00Z', 1, 'a1', 'Autumn sale', 'planned', 'marketing',
    'marketing', true, '2026-11-21 07:00Z', '6 hours', '2026-11-21 13:00Z', 7, '{ru}',
    '{name}', '2026-11-21 07:00Z', 6, 6, '2026-11-20', 1
);
INSERT INTO push.run_text VALUES (1, 0, 'ru', 'Скидка', 'Сегодня, {{ name }}');
INSERT INTO push.audience_block VALUES (1, push.bucket_of(11), '{13,11,0,15,12}', '{}', '{16}');
INSERT INTO push.audience_field VALUES (
    1, push.bucket_of(11), ARRAY['["name 13"]', '["name 11"]', '[]', '["name 15"]', '["name 12"]']
);
INSERT INTO push.run_bucket VALUES (1, push.bucket_of(11), '2026-11-21 07:00Z', 1, 6, 4, 3);
INSERT INTO push.decision_block VALUES
(1, push.bucket_of(11), 2, 0, 1, '{16}'), (1, push.bucket_of(11), 7, 0, 1, '{15}');
INSERT INTO push.set_aside VALUES (1, -1, '2026-11-21 07:00Z', 'the server was away');
INSERT INTO push.offer (team, occasion_key, offered_at, offered_by, content_hash)
VALUES ('logistics', 'order-7', '2026-11-20', 'logistics', 'b2');
