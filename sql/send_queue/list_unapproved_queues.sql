-- list_unapproved_queues: briefs whose approval was taken back while pushes of theirs were queued, and how many wait.
-- params: now timestamptz
-- returns: many (campaign_code text, waiting bigint)
-- writes: nothing
-- why: asked by every open page every few seconds, so it starts from the briefs that nobody approves now: tens, found by their status.
SELECT b.campaign_code, CAST(sum(c.waiting) AS bigint) AS waiting
FROM push.brief AS b
INNER JOIN push.run AS r
    ON r.source_kind = 'brief' AND b.brief_id = r.source_id
CROSS JOIN LATERAL (
    SELECT k.waiting + k.claimed - (k.left_already - k.accepted - k.rejected - k.unknown) AS waiting
    FROM push.batch_state_count AS k
    WHERE k.run_day = r.run_day AND k.run_id = r.run_id
) AS c
WHERE b.status IN ('idea', 'texts_ready', 'audience_ready')
    AND r.status IN ('planning', 'planned', 'set_aside')
    AND r.expires_at > CAST(:now AS timestamptz)
GROUP BY b.campaign_code
HAVING sum(c.waiting) > 0
ORDER BY b.campaign_code
