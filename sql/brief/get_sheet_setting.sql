-- get_sheet_setting: what of the installation's settings the rules of the sheet need.
-- params: none
-- returns: one (project_zone text, default_language text)
-- writes: nothing
SELECT
    s.project_zone,
    s.default_language
FROM push.setting AS s
