-- list_run_variants: per variant of a run, its pushes by state and what came back for them.
-- params: run_id bigint
-- returns: many (variant text, pushes bigint, accepted bigint, delivered bigint, opened bigint, unsubscribed bigint, converted bigint)
-- writes: nothing
-- why: the receipts of one run are counted when somebody opens it, not for every run of a list. From two days after its deadline on the numbers are those that were
--   kept, in the sheet as here, whatever comes back later. Empty when the rows were dropped before that was counted.
SELECT
    p.variant,
    CAST(sum(p.pushes) AS bigint) AS pushes,
    CAST(sum(p.accepted) AS bigint) AS accepted,
    CAST(sum(p.delivered) AS bigint) AS delivered,
    CAST(sum(p.opened) AS bigint) AS opened,
    CAST(sum(p.unsubscribed) AS bigint) AS unsubscribed,
    CAST(sum(p.converted) AS bigint) AS converted
FROM push.run AS r
INNER JOIN mart.fact_push AS p
    ON r.run_day = p.run_day AND r.run_id = p.run_id
WHERE r.run_id = CAST(:run_id AS bigint)
    AND NOT EXISTS (
        SELECT
        FROM push.run_total AS t
        WHERE t.run_id = r.run_id AND t.came_back IS NOT NULL AND t.counted_at > r.expires_at + interval '2 days'
    )
GROUP BY p.variant
UNION ALL
SELECT k.variant, k.pushes, k.accepted, k.delivered, k.opened, k.unsubscribed, k.converted
FROM push.run AS r
INNER JOIN push.run_total AS t
    ON r.run_id = t.run_id AND t.counted_at > r.expires_at + interval '2 days'
CROSS JOIN jsonb_to_recordset(t.came_back) AS k (
    variant text, pushes bigint, accepted bigint, delivered bigint, opened bigint, unsubscribed bigint, converted bigint
)
WHERE r.run_id = CAST(:run_id AS bigint)
ORDER BY variant
