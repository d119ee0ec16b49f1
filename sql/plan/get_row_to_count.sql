-- get_row_to_count: whether a brief can be counted: it exists, and its row of the sheet says what the brief says.
-- params: campaign_code text
-- returns: one (is_brief boolean, is_row boolean, is_in_step boolean, red_cells text[])
-- writes: nothing
-- why: counting reads the brief; while the row is red the brief says what was good before, which nobody asked about.
SELECT
    b.brief_id IS NOT NULL AS is_brief,
    r.campaign_code IS NOT NULL AS is_row,
    (r.campaign_code IS NULL OR r.brief_version IS NOT DISTINCT FROM b.current_version) AS is_in_step,
    array(
        SELECT DISTINCT p.problem ->> 'column'
        FROM jsonb_array_elements(r.problems) AS p (problem)
        WHERE p.problem ->> 'severity' = 'error'
        ORDER BY 1
    ) AS red_cells
FROM (SELECT CAST(:campaign_code AS text) AS code) AS asked
LEFT JOIN push.brief AS b ON asked.code = b.campaign_code
LEFT JOIN push.sheet_row AS r ON asked.code = r.campaign_code AND r.removed_at IS NULL
