-- list_run_variants: per variant of a run, its pushes by state and what came back for them.
-- params: run_id bigint
-- returns: many (variant text, pushes bigint, accepted bigint, delivered bigint, opened bigint, unsubscribed bigint, converted bigint)
-- writes: nothing
-- why: the receipts of one run are counted when somebody opens it, not for every run of a list. Empty when its rows were dropped.
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
GROUP BY p.variant
ORDER BY p.variant
