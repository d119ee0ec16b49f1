-- view_sheet_brief: every brief as the sheet needs it, with a mark that changes whenever something of it does.
-- params: none
-- returns: none
-- writes: nothing
-- why: briefs are moved by the planner, approved in a shell and imported from files; a row of the sheet that knows another mark is
--   brought up to date when somebody reads the sheet.
CREATE OR REPLACE VIEW push.sheet_brief AS
SELECT
    b.brief_id,
    b.campaign_code,
    b.status,
    b.current_version AS version,
    b.notes,
    b.created_by,
    b.created_at,
    b.changed_at,
    v.content,
    v.content_hash,
    v.edited_by,
    v.edited_at,
    a.approval_id,
    a.approved_by,
    a.approved_at,
    a.reach_expected,
    a.reach_low,
    a.reach_high,
    concat_ws(
        ' ', b.status, b.current_version, extract(EPOCH FROM b.changed_at), a.approval_id, md5(b.notes::text)
    ) AS mark
FROM push.brief AS b
INNER JOIN push.brief_version AS v ON b.brief_id = v.brief_id AND b.current_version = v.version
LEFT JOIN push.approval AS a
    ON
        a.source_kind = 'brief' AND b.brief_id = a.source_id AND v.version = a.version
        AND a.withdrawn_at IS NULL;
COMMENT ON VIEW push.sheet_brief IS 'Briefs beside the rows of the sheet; mark tells whether a row knows the brief as it is.';
GRANT SELECT ON push.sheet_brief TO pushline_planner, pushline_page;
