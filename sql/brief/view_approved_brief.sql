-- view_approved_brief: briefs that may leave: the current version has a live approval of exactly its content.
-- params: none
-- returns: none
-- writes: nothing
CREATE OR REPLACE VIEW push.approved_brief AS
SELECT
    b.*,
    a.approval_id,
    a.approved_by,
    a.approved_at,
    a.reach_expected,
    a.reach_low,
    a.reach_high
FROM push.any_brief AS b
INNER JOIN push.approval AS a
    ON
        a.source_kind = 'brief' AND b.brief_id = a.source_id
        AND b.version = a.version AND b.content_hash = a.content_hash
WHERE a.withdrawn_at IS NULL AND b.status IN ('approved', 'scheduled', 'sending');
COMMENT ON VIEW push.approved_brief IS
'What the planner may turn into runs. send_at is the wall clock of the project, or of each user where local_time.';
GRANT SELECT ON push.approved_brief TO pushline_planner;
