-- list_brief_history: who changed what in a brief, oldest first.
-- params: campaign_code text
-- returns: many (happened_at timestamptz, who text, what text, version integer, changes jsonb)
-- writes: nothing
SELECT
    h.happened_at,
    h.who,
    h.what,
    h.version,
    h.changes
FROM push.brief_history AS h
INNER JOIN push.brief AS b ON h.brief_id = b.brief_id
WHERE b.campaign_code = CAST(:campaign_code AS text)
ORDER BY h.history_id
