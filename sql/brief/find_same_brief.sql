-- find_same_brief: a brief that already says the same, so that importing a file twice adds nothing.
-- params: content_hash text, idea text
-- returns: many (campaign_code text)
-- writes: nothing
SELECT b.campaign_code
FROM push.brief AS b
INNER JOIN push.brief_version AS v ON b.brief_id = v.brief_id AND b.current_version = v.version
WHERE
    v.content_hash = CAST(:content_hash AS text)
    AND b.notes ->> 'idea' = CAST(:idea AS text)
    AND b.status <> 'cancelled'
ORDER BY b.brief_id
