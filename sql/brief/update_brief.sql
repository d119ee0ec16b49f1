-- update_brief: set where a brief stands: status, current version, notes.
-- params: brief_id bigint, status text, version integer, notes jsonb, now timestamptz
-- returns: none
-- writes: brief
UPDATE push.brief
SET
    status = CAST(:status AS text),
    current_version = CAST(:version AS integer),
    notes = CAST(:notes AS jsonb),
    changed_at = CAST(:now AS timestamptz)
WHERE brief_id = CAST(:brief_id AS bigint)
