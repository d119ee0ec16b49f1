-- find_run_of_brief: the latest run of a brief that is not over.
-- params: campaign_code text
-- returns: one (run_id bigint)
-- writes: nothing
SELECT r.run_id
FROM push.brief AS b
INNER JOIN push.run AS r
    ON r.source_kind = 'brief' AND b.brief_id = r.source_id
WHERE b.campaign_code = CAST(:campaign_code AS text) AND r.status IN ('waiting', 'held', 'planning', 'set_aside')
ORDER BY r.occasion DESC
LIMIT 1
