-- withdraw_approval: end the live approval of a version, and of any before it.
-- params: source_kind text, source_id bigint, version integer, who text, now timestamptz
-- returns: many (approval_id bigint)
-- writes: approval
UPDATE push.approval
SET withdrawn_at = CAST(:now AS timestamptz), withdrawn_by = CAST(:who AS text)
WHERE
    source_kind = CAST(:source_kind AS text)
    AND source_id = CAST(:source_id AS bigint)
    AND version <= CAST(:version AS integer)
    AND withdrawn_at IS NULL
RETURNING approval_id
