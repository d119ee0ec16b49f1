-- create_brief: put a new brief down; its first version follows in the same transaction.
-- params: campaign_code text, status text, notes jsonb, who text, now timestamptz
-- returns: one (brief_id bigint)
-- writes: brief
INSERT INTO push.brief (campaign_code, status, notes, created_by, created_at, changed_at)
VALUES (
    CAST(:campaign_code AS text), CAST(:status AS text), CAST(:notes AS jsonb), CAST(:who AS text),
    CAST(:now AS timestamptz), CAST(:now AS timestamptz)
)
RETURNING brief_id
