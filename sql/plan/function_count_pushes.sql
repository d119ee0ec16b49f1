-- function_count_pushes: per user of a bucket, how many of the batches' pushes fall in each counting window, packed four counters a number.
-- params: bucket smallint, ledger_from timestamptz, ledger_until timestamptz, moment timestamptz, slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[]
-- returns: many (user_id bigint, packed_1 float8, packed_2 float8, packed_3 float8, packed_4 float8, packed_5 float8, pushes bigint, latest timestamptz)
-- writes: nothing
-- why: the batches are the truth of the caps; 13 bits a counter let one float8 sum carry four exactly (53 bits), which is cheaper than four counts.
--   The weight is computed once a batch (OFFSET 0 keeps it below unnest), so a push costs one hash look-up and the sums.
CREATE OR REPLACE FUNCTION push.count_pushes(
    bucket smallint, ledger_from timestamptz, ledger_until timestamptz, moment timestamptz,
    slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[]
)
RETURNS TABLE (
    user_id bigint, packed_1 float8, packed_2 float8, packed_3 float8, packed_4 float8, packed_5 float8, pushes bigint, latest timestamptz
)
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    SELECT
        p.user_id, sum(p.weight_1), sum(p.weight_2), sum(p.weight_3), sum(p.weight_4), sum(p.weight_5), count(*), max(p.not_before)
    FROM (
        SELECT
            unnest(w.users) AS user_id, w.weight_1, w.weight_2, w.weight_3, w.weight_4, w.weight_5, w.not_before
        FROM (
            SELECT
                b.users,
                CASE WHEN b.is_counted OR true = ANY(slot_counts_uncounted) THEN b.not_before END AS not_before,
                push.weigh(b.not_before, b.class, b.tags, b.is_counted, slot_from[1:4], slot_until[1:4], slot_class[1:4], slot_tag[1:4], slot_counts_uncounted[1:4]) AS weight_1,
                CASE WHEN cardinality(slot_from) > 4 THEN push.weigh(b.not_before, b.class, b.tags, b.is_counted, slot_from[5:8], slot_until[5:8], slot_class[5:8], slot_tag[5:8], slot_counts_uncounted[5:8]) END AS weight_2,
                CASE WHEN cardinality(slot_from) > 8 THEN push.weigh(b.not_before, b.class, b.tags, b.is_counted, slot_from[9:12], slot_until[9:12], slot_class[9:12], slot_tag[9:12], slot_counts_uncounted[9:12]) END AS weight_3,
                CASE WHEN cardinality(slot_from) > 12 THEN push.weigh(b.not_before, b.class, b.tags, b.is_counted, slot_from[13:16], slot_until[13:16], slot_class[13:16], slot_tag[13:16], slot_counts_uncounted[13:16]) END AS weight_4,
                CASE WHEN cardinality(slot_from) > 16 THEN push.weigh(b.not_before, b.class, b.tags, b.is_counted, slot_from[17:20], slot_until[17:20], slot_class[17:20], slot_tag[17:20], slot_counts_uncounted[17:20]) END AS weight_5
            FROM push.send_batch AS b
            WHERE b.bucket = count_pushes.bucket
                AND b.holds_slots
                AND b.not_before >= ledger_from
                AND b.not_before < ledger_until
            OFFSET 0
        ) AS w
    ) AS p
    GROUP BY p.user_id
$$;
