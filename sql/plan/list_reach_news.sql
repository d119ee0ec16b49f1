-- list_reach_news: the number of every reach that was counted, and whether it still holds; nothing of how it came about.
-- params: now timestamptz
-- returns: many (campaign_code text, will_get integer, as_of timestamptz, is_fresh boolean)
-- writes: nothing
-- why: asked for every few seconds for all briefs; the parts of each estimate are kilobytes.
SELECT e.campaign_code, e.will_get, e.as_of, e.is_fresh
FROM push.reach_at(CAST(:now AS timestamptz)) AS e
WHERE e.will_get IS NOT NULL
ORDER BY e.campaign_code
