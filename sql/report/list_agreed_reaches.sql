-- list_agreed_reaches: what was agreed to for the version that each run sends: the number shown to the approver, and the band around it.
-- params: run_ids bigint[]
-- returns: many (run_id bigint, expected integer, low integer, high integer, approved_by text)
-- writes: nothing
-- why: an approval given anew for the same version counts; one that was taken back later is still what the run was planned under.
SELECT DISTINCT ON (r.run_id)
    r.run_id,
    a.reach_expected AS expected,
    a.reach_low AS low,
    a.reach_high AS high,
    a.approved_by
FROM push.run AS r
INNER JOIN push.approval AS a
    ON
        CAST(r.source_kind AS text) = a.source_kind
        AND r.source_id = a.source_id
        AND r.version = a.version
        AND r.content_hash = a.content_hash
WHERE r.run_id = ANY(CAST(:run_ids AS bigint[]))
ORDER BY r.run_id ASC, a.approval_id DESC
