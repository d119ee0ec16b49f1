-- draft_people: who there is: blocks of 23,570 CDNOW people, 900 newcomers and 1,500 who registered and never ordered.
-- params: seed bigint, now timestamptz, users bigint
-- returns: none
-- writes: draft_person
-- why: all CDNOW people began 15 to 18 months ago, so newcomers replay a CDNOW person's first orders from a later day.
WITH history AS (
    SELECT
        cdnow_id,
        min(day) AS first_day
    FROM draft_order
    GROUP BY cdnow_id
),

clock AS (
    SELECT
        CAST(CAST(:now AS timestamptz) AT TIME ZONE 'Asia/Almaty' AS date) - 1 AS yesterday,
        (SELECT max(day) FROM draft_order) AS last_day
),

place AS (
    SELECT
        customer_id,
        (customer_id - 1) / 25970 AS block,
        (customer_id - 1) % 25970 AS place
    FROM generate_series(1, CAST(:users AS bigint)) AS customer_id
),

person AS (
    SELECT
        customer_id,
        block,
        CASE WHEN place < 23570 THEN 'buyer' WHEN place < 24470 THEN 'newcomer' ELSE 'registered' END AS kind,
        CASE
            WHEN place < 23570 THEN place + 1
            WHEN place < 24470 THEN ((place - 23570) * 1009 + block * 7919) % 23570 + 1
        END AS cdnow_id
    FROM place
)

INSERT INTO draft_person (customer_id, block, kind, cdnow_id, days_later)
SELECT
    person.customer_id,
    person.block,
    person.kind,
    person.cdnow_id,
    CASE person.kind
        WHEN 'buyer'
            THEN
                clock.yesterday - clock.last_day
                - CASE
                    WHEN person.block = 0 THEN 0
                    ELSE floor(14 * shop.roll(CAST(:seed AS bigint), 'days later', person.customer_id))::integer
                END
        WHEN 'newcomer' THEN
            clock.yesterday - history.first_day
            - floor(60 * shop.roll(CAST(:seed AS bigint), 'days later', person.customer_id))::integer
    END
FROM person
CROSS JOIN clock
LEFT JOIN history ON person.cdnow_id = history.cdnow_id
