-- list_run_variants: per variant of some runs, its pushes by state and what came back for them.
-- params: run_ids bigint[]
-- returns: many (run_id bigint, variant text, pushes bigint, accepted bigint, delivered bigint, opened bigint, unsubscribed bigint, converted bigint)
-- writes: nothing
-- why: the receipts of a run are counted when somebody opens it, not for every run of a list. From two days after its deadline on the numbers are those that were
--   kept, in the sheet as here, whatever comes back later. Empty when the rows were dropped before that was counted.
--   Run by run inside, so that each is found by its day and number, however many are asked for.
SELECT
    r.run_id,
    v.variant,
    v.pushes,
    v.accepted,
    v.delivered,
    v.opened,
    v.unsubscribed,
    v.converted
FROM push.run AS r
CROSS JOIN LATERAL (
    SELECT
        p.variant,
        CAST(sum(p.pushes) AS bigint) AS pushes,
        CAST(sum(p.accepted) AS bigint) AS accepted,
        CAST(sum(p.delivered) AS bigint) AS delivered,
        CAST(sum(p.opened) AS bigint) AS opened,
        CAST(sum(p.unsubscribed) AS bigint) AS unsubscribed,
        CAST(sum(p.converted) AS bigint) AS converted
    FROM mart.fact_push AS p
    WHERE p.run_day = r.run_day
        AND p.run_id = r.run_id
        AND NOT EXISTS (
            SELECT
            FROM push.run_total AS t
            WHERE t.run_id = r.run_id AND t.came_back IS NOT NULL AND t.counted_at > r.expires_at + interval '2 days'
        )
    GROUP BY p.variant
    UNION ALL
    SELECT k.variant, k.pushes, k.accepted, k.delivered, k.opened, k.unsubscribed, k.converted
    FROM push.run_total AS t
    CROSS JOIN jsonb_to_recordset(t.came_back) AS k (
        variant text, pushes bigint, accepted bigint, delivered bigint, opened bigint, unsubscribed bigint, converted bigint
    )
    WHERE t.run_id = r.run_id AND t.counted_at > r.expires_at + interval '2 days'
) AS v
WHERE r.run_id = ANY(CAST(:run_ids AS bigint[]))
ORDER BY r.run_id, v.variant
