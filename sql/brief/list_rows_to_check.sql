-- list_rows_to_check: codes of rows whose problems may have changed since they were found: other rules hold, or the clock passed
--   a moment that mattered; drafts and briefs that people still work on.
-- params: rules_mark text, now timestamptz, most integer
-- returns: many (campaign_code text)
-- writes: nothing
SELECT r.campaign_code
FROM push.sheet_row AS r
LEFT JOIN push.brief AS b ON r.campaign_code = b.campaign_code
WHERE
    r.removed_at IS NULL
    AND (r.checked_by_rules <> CAST(:rules_mark AS text) OR r.check_again_at <= CAST(:now AS timestamptz))
    AND (b.status IS NULL OR b.status IN ('idea', 'texts_ready', 'audience_ready'))
ORDER BY r.revision DESC
LIMIT CAST(:most AS integer)
