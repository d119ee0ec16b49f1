-- create_approval: bind an approval to one version by its hash; refused for its editors.
-- params: source_kind text, source_id bigint, version integer, content_hash text, who text, now timestamptz,
--   reach_expected integer, reach_low integer, reach_high integer
-- returns: one (approval_id bigint)
-- writes: approval
INSERT INTO push.approval (
    source_kind, source_id, version, content_hash, approved_by, approved_at, reach_expected, reach_low, reach_high
)
VALUES (
    CAST(:source_kind AS text), CAST(:source_id AS bigint), CAST(:version AS integer), CAST(:content_hash AS text),
    CAST(:who AS text), CAST(:now AS timestamptz),
    CAST(:reach_expected AS integer), CAST(:reach_low AS integer), CAST(:reach_high AS integer)
)
RETURNING approval_id
