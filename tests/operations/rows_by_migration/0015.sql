INSERT INTO push.sheet_row (
    campaign_code, cells, cell_revisions, revision, brief_version, brief_cells, writers,
    created_by, created_at, changed_by, changed_at
) VALUES (
    'C-2026-001', '{"idea": "Скидка"}', '{"idea": 1}', 1, NULL, '{"idea": "Скидки"}', '{aigerim}',
    'aigerim', '2026-11-01', 'aigerim', '2026-11-02'
);
INSERT INTO push.sheet_change VALUES
(1, 'C-2026-001', 'idea', '', 'Скидка', 'aigerim', '2026-11-02');
UPDATE push.sheet_clock SET revision = 1;
