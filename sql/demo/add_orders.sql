-- add_orders: the orders of the drafted people, on CDNOW's days and sums, at an hour between 8 and 23 in Almaty.
-- params: seed bigint, now timestamptz
-- returns: none
-- writes: shop.customer_order
INSERT INTO shop.customer_order (order_id, customer_id, ordered_at, pieces, total)
SELECT
    placed.order_id,
    placed.customer_id,
    (
        CAST(placed.day AS timestamp)
        + interval '8 hours' + interval '15 hours' * shop.roll(CAST(:seed AS bigint), 'hour', placed.order_id)
    )
    AT TIME ZONE 'Asia/Almaty',
    placed.pieces,
    round(placed.dollars * 500)::integer
FROM (
    SELECT
        200000::bigint * person.block + CASE person.kind WHEN 'newcomer' THEN 100000 ELSE 0 END
        + draft.order_row AS order_id,
        person.customer_id,
        draft.day + person.days_later AS day,
        draft.pieces,
        draft.dollars
    FROM draft_person AS person
    INNER JOIN draft_order AS draft ON person.cdnow_id = draft.cdnow_id
) AS placed
WHERE placed.day < CAST(CAST(:now AS timestamptz) AT TIME ZONE 'Asia/Almaty' AS date)
