INSERT INTO push.brief_number VALUES (2026, 1);
INSERT INTO push.brief (campaign_code, status, created_by, created_at, changed_at)
VALUES ('C-2026-001', 'idea', 'aigerim', '2026-11-01', '2026-11-01');
INSERT INTO push.brief_version VALUES (1, 1, '{}', 'a1', '{aigerim}', '2026-11-01');
INSERT INTO push.brief_text VALUES (1, 1, 0, 'ru', 'Скидка', 'Сегодня');
INSERT INTO push.approval (
    source_kind, source_id, version, content_hash, approved_by, approved_at,
    reach_expected, reach_low, reach_high
) VALUES ('brief', 1, 1, 'a1', 'dana', '2026-11-02', 5, 0, 105);
INSERT INTO push.brief_history (brief_id, happened_at, who, what, version)
VALUES (1, '2026-11-01', 'aigerim', 'created', 1);
