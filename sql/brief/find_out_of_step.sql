-- find_out_of_step: whether the sheet shows something else for a brief than its current version says.
-- params: campaign_code text
-- returns: one (is_out_of_step boolean)
-- writes: nothing
SELECT exists(
    SELECT
    FROM push.sheet_row AS r
    INNER JOIN push.brief AS b ON r.campaign_code = b.campaign_code
    WHERE r.campaign_code = CAST(:campaign_code AS text) AND r.brief_version IS NULL
) AS is_out_of_step
