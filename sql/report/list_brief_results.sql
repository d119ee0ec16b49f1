-- list_brief_results: what became of the runs of briefs, a row a variant: how many the provider took, how many opened it; null for brief_ids means any.
-- params: brief_ids bigint[], only_open boolean
-- returns: many (brief_id bigint, campaign_code text, run_id bigint, occasion timestamptz, stage text, is_final boolean, variant text, accepted bigint, opened bigint, has_receipts boolean)
-- writes: nothing
-- why: only_open leaves out briefs whose numbers are all final: their totals were kept after the last outcomes may have come. The others are counted: 8 numbers a
--   batch, and the opens by an index of their own, because `delivered` comes back for nearly every push. opened is null when it was never counted.
WITH chosen AS MATERIALIZED (
    SELECT
        r.source_id AS brief_id,
        r.run_id,
        r.run_day,
        r.occasion,
        r.status,
        t.ends,
        t.came_back,
        coalesce(t.counted_at > r.expires_at + interval '2 days', false) AS is_final
    FROM push.run AS r
    LEFT JOIN push.run_total AS t ON r.run_id = t.run_id
    WHERE r.source_kind = 'brief' AND (CAST(:brief_ids AS bigint[]) IS NULL OR r.source_id = ANY(CAST(:brief_ids AS bigint[])))
)

SELECT
    c.brief_id,
    b.campaign_code,
    c.run_id,
    c.occasion,
    push.run_stage(c.status, CAST(sum(v.under_way) OVER (PARTITION BY c.run_id) AS bigint)) AS stage,
    c.is_final,
    v.variant,
    coalesce(v.accepted, 0) AS accepted,
    v.opened,
    coalesce(v.has_receipts, false) AS has_receipts
FROM chosen AS c
INNER JOIN push.brief AS b ON c.brief_id = b.brief_id
LEFT JOIN LATERAL (
    SELECT
        chr(65 + q.variant) AS variant,
        coalesce(sum(q.state_counts[3]), 0) AS accepted,
        CAST(sum(o.opened) AS bigint) AS opened,
        sum(CASE WHEN q.status IN ('waiting', 'claimed') THEN coalesce(q.state_counts[1] + q.state_counts[2], q.user_count) ELSE 0 END) AS under_way,
        bool_or(EXISTS (SELECT FROM push.receipt AS e WHERE e.run_day = q.run_day AND e.batch_id = q.batch_id)) AS has_receipts
    FROM push.send_batch AS q
    CROSS JOIN LATERAL (
        SELECT count(DISTINCT k.position) AS opened
        FROM push.receipt AS k
        WHERE k.run_day = q.run_day AND k.batch_id = q.batch_id AND k.kind = 'opened'
    ) AS o
    WHERE NOT c.is_final AND q.run_day = c.run_day AND q.run_id = c.run_id
    GROUP BY q.variant
    UNION ALL
    SELECT k.variant, k.accepted, k.opened, 0, k.delivered + k.opened + k.unsubscribed + k.converted > 0
    FROM jsonb_to_recordset(c.came_back) AS k (variant text, accepted bigint, delivered bigint, opened bigint, unsubscribed bigint, converted bigint)
    WHERE c.is_final
    UNION ALL
    SELECT NULL, (c.ends ->> 'accepted')::bigint, NULL, 0, false
    WHERE c.is_final AND c.came_back IS NULL
) AS v ON true
WHERE NOT CAST(:only_open AS boolean)
    OR EXISTS (SELECT FROM chosen AS x WHERE x.brief_id = c.brief_id AND NOT x.is_final)
ORDER BY c.brief_id, c.run_id, v.variant
