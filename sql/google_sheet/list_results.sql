-- list_results: the reach of briefs as last counted, and how many a cap stopped in all their runs.
-- params: codes text[], from_day date
-- returns: many (campaign_code text, reach integer, capped bigint)
-- writes: nothing
-- why: runs older than from_day are summed up from their kept totals, so that a sync costs the same whatever the past.
SELECT
    b.campaign_code,
    e.will_get AS reach,
    s.capped
FROM push.brief AS b
LEFT JOIN push.reach_estimate AS e ON b.campaign_code = e.campaign_code
LEFT JOIN LATERAL (
    SELECT CAST(sum(coalesce(CASE WHEN k.is_kept THEN o.capped END, d.capped, 0)) AS bigint) AS capped
    FROM push.run AS r
    LEFT JOIN push.run_total AS t ON r.run_id = t.run_id
    CROSS JOIN LATERAL (SELECT r.run_day < CAST(:from_day AS date) AND t.run_id IS NOT NULL AS is_kept) AS k
    LEFT JOIN LATERAL (
        SELECT sum(x.user_count) AS capped
        FROM push.decision_block AS x
        INNER JOIN push.reason AS y ON x.reason = y.reason
        WHERE x.run_id = r.run_id AND y.code = 'capped' AND NOT k.is_kept
    ) AS d ON true
    LEFT JOIN LATERAL (
        SELECT sum((z.item ->> 'users')::bigint) AS capped
        FROM jsonb_array_elements(t.reasons) AS z (item)
        WHERE k.is_kept AND z.item ->> 'code' = 'capped'
    ) AS o ON true
    WHERE r.source_kind = 'brief' AND r.source_id = b.brief_id AND r.wave_id IS NOT NULL
) AS s ON true
WHERE b.campaign_code = ANY(CAST(:codes AS text[]))
