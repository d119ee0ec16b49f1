-- list_brief_sends: what left of some briefs over all their runs, and the run that was made last.
-- params: brief_ids bigint[]
-- returns: many (brief_id bigint, sent bigint, run_id bigint, run_status text)
-- writes: nothing
-- why: totals that were kept after the last outcomes may have come are final; the others are counted, a number a batch.
SELECT
    r.source_id AS brief_id,
    coalesce(sum(coalesce(t.accepted, c.accepted)), 0)::bigint AS sent,
    max(r.run_id) AS run_id,
    (array_agg(r.status ORDER BY r.run_id DESC))[1] AS run_status
FROM push.run AS r
LEFT JOIN LATERAL (
    SELECT (k.ends ->> 'accepted')::bigint AS accepted
    FROM push.run_total AS k
    WHERE k.run_id = r.run_id AND k.counted_at > r.expires_at + interval '2 days'
) AS t ON true
LEFT JOIN LATERAL (
    SELECT k.accepted
    FROM push.batch_state_count AS k
    WHERE t.accepted IS NULL AND k.run_day = r.run_day AND k.run_id = r.run_id
) AS c ON true
WHERE r.source_kind = 'brief' AND r.source_id = ANY(CAST(:brief_ids AS bigint[]))
GROUP BY r.source_id
