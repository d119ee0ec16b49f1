-- lock_briefs: keep others from changing some briefs until this transaction ends.
-- params: campaign_codes text[]
-- returns: many (brief_id bigint)
-- writes: nothing
-- why: in the order of the codes, as everybody does who locks more than one: so nobody waits for somebody who waits for him.
SELECT b.brief_id
FROM push.brief AS b
WHERE b.campaign_code = ANY(CAST(:campaign_codes AS text[]))
ORDER BY b.campaign_code
FOR UPDATE
