-- add_brief_history: remember who changed what.
-- params: brief_id bigint, who text, what text, version integer, changes jsonb, now timestamptz
-- returns: none
-- writes: brief_history
INSERT INTO push.brief_history (brief_id, happened_at, who, what, version, changes)
VALUES (
    CAST(:brief_id AS bigint), CAST(:now AS timestamptz), CAST(:who AS text), CAST(:what AS text),
    CAST(:version AS integer), CAST(:changes AS jsonb)
)
