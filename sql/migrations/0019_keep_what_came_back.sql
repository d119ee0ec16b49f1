-- What came back for the pushes of a run outlives its rows, as its funnel does; and opens are counted without reading every receipt.
ALTER TABLE push.run_total ADD came_back jsonb;
COMMENT ON COLUMN push.run_total.came_back IS
'By variant, as last counted: [{"variant", "pushes", "accepted", "delivered", "opened", "unsubscribed", "converted"}]. Null: dropped before it was counted.';

-- Totals that were kept before: counted now, where their rows are still there.
UPDATE push.run_total AS t
SET came_back = v.came_back
FROM (
    SELECT
        c.run_id,
        jsonb_agg(
            jsonb_build_object(
                'variant', c.variant, 'pushes', c.pushes, 'accepted', c.accepted, 'delivered', c.delivered,
                'opened', c.opened, 'unsubscribed', c.unsubscribed, 'converted', c.converted
            ) ORDER BY c.variant
        ) AS came_back
    FROM (
        SELECT
            b.run_id,
            chr(65 + b.variant) AS variant,
            sum(b.user_count) AS pushes,
            coalesce(sum(b.state_counts[3]), 0) AS accepted,
            sum(e.delivered) AS delivered,
            sum(e.opened) AS opened,
            sum(e.unsubscribed) AS unsubscribed,
            sum(e.converted) AS converted
        FROM push.run_total AS k
        INNER JOIN push.run AS r
            ON k.run_id = r.run_id
        INNER JOIN push.send_batch AS b
            ON r.run_day = b.run_day AND r.run_id = b.run_id
        CROSS JOIN LATERAL (
            SELECT
                count(DISTINCT q.position) FILTER (WHERE q.kind = 'delivered') AS delivered,
                count(DISTINCT q.position) FILTER (WHERE q.kind = 'opened') AS opened,
                count(DISTINCT q.position) FILTER (WHERE q.kind = 'unsubscribed') AS unsubscribed,
                count(DISTINCT q.position) FILTER (WHERE q.kind = 'converted') AS converted
            FROM push.receipt AS q
            WHERE q.run_day = b.run_day AND q.batch_id = b.batch_id
        ) AS e
        GROUP BY b.run_id, b.variant
    ) AS c
    GROUP BY c.run_id
) AS v
WHERE t.run_id = v.run_id;

CREATE INDEX receipt_opened_idx ON push.receipt (run_day, batch_id, position) WHERE kind = 'opened';
