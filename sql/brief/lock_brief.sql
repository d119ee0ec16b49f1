-- lock_brief: keep others from changing a brief until this transaction ends.
-- params: campaign_code text
-- returns: one (brief_id bigint)
-- writes: nothing
SELECT brief_id
FROM push.brief
WHERE campaign_code = CAST(:campaign_code AS text)
FOR UPDATE
