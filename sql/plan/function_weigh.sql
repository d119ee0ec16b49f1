-- function_weigh: the weight of one batch's push for up to four counters: 1, 2^13, 2^26, 2^39 where it counts.
-- params: not_before timestamptz, class push.class, tags text[], is_counted boolean, slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[]
-- returns: one (weigh float8)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.weigh(
    not_before timestamptz, class push.class, tags text[], is_counted boolean,
    slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[]
) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT
        CASE WHEN not_before >= slot_from[1] AND not_before < slot_until[1]
            AND push.counts_for(class, tags, is_counted, slot_class[1], slot_tag[1], slot_counts_uncounted[1]) THEN 1 ELSE 0 END
        + CASE WHEN not_before >= slot_from[2] AND not_before < slot_until[2]
            AND push.counts_for(class, tags, is_counted, slot_class[2], slot_tag[2], slot_counts_uncounted[2]) THEN 8192 ELSE 0 END
        + CASE WHEN not_before >= slot_from[3] AND not_before < slot_until[3]
            AND push.counts_for(class, tags, is_counted, slot_class[3], slot_tag[3], slot_counts_uncounted[3]) THEN 67108864 ELSE 0 END
        + CASE WHEN not_before >= slot_from[4] AND not_before < slot_until[4]
            AND push.counts_for(class, tags, is_counted, slot_class[4], slot_tag[4], slot_counts_uncounted[4]) THEN 549755813888 ELSE 0 END
$$;
