-- function_slots_of: the counters a batch counts for, by class and tag alone, as bits (slot 1 = bit 0).
-- params: class push.class, tags text[], is_counted boolean, slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[], slot_maximum integer[]
-- returns: one (slots_of bigint)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.slots_of(
    class push.class, tags text[], is_counted boolean,
    slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[], slot_maximum integer[]
) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT
        CASE WHEN cardinality(slot_maximum) >= 1
            AND push.counts_for(class, tags, is_counted, slot_class[1], slot_tag[1], slot_counts_uncounted[1]) THEN 1 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 2
            AND push.counts_for(class, tags, is_counted, slot_class[2], slot_tag[2], slot_counts_uncounted[2]) THEN 2 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 3
            AND push.counts_for(class, tags, is_counted, slot_class[3], slot_tag[3], slot_counts_uncounted[3]) THEN 4 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 4
            AND push.counts_for(class, tags, is_counted, slot_class[4], slot_tag[4], slot_counts_uncounted[4]) THEN 8 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 5
            AND push.counts_for(class, tags, is_counted, slot_class[5], slot_tag[5], slot_counts_uncounted[5]) THEN 16 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 6
            AND push.counts_for(class, tags, is_counted, slot_class[6], slot_tag[6], slot_counts_uncounted[6]) THEN 32 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 7
            AND push.counts_for(class, tags, is_counted, slot_class[7], slot_tag[7], slot_counts_uncounted[7]) THEN 64 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 8
            AND push.counts_for(class, tags, is_counted, slot_class[8], slot_tag[8], slot_counts_uncounted[8]) THEN 128 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 9
            AND push.counts_for(class, tags, is_counted, slot_class[9], slot_tag[9], slot_counts_uncounted[9]) THEN 256 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 10
            AND push.counts_for(class, tags, is_counted, slot_class[10], slot_tag[10], slot_counts_uncounted[10]) THEN 512 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 11
            AND push.counts_for(class, tags, is_counted, slot_class[11], slot_tag[11], slot_counts_uncounted[11]) THEN 1024 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 12
            AND push.counts_for(class, tags, is_counted, slot_class[12], slot_tag[12], slot_counts_uncounted[12]) THEN 2048 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 13
            AND push.counts_for(class, tags, is_counted, slot_class[13], slot_tag[13], slot_counts_uncounted[13]) THEN 4096 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 14
            AND push.counts_for(class, tags, is_counted, slot_class[14], slot_tag[14], slot_counts_uncounted[14]) THEN 8192 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 15
            AND push.counts_for(class, tags, is_counted, slot_class[15], slot_tag[15], slot_counts_uncounted[15]) THEN 16384 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 16
            AND push.counts_for(class, tags, is_counted, slot_class[16], slot_tag[16], slot_counts_uncounted[16]) THEN 32768 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 17
            AND push.counts_for(class, tags, is_counted, slot_class[17], slot_tag[17], slot_counts_uncounted[17]) THEN 65536 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 18
            AND push.counts_for(class, tags, is_counted, slot_class[18], slot_tag[18], slot_counts_uncounted[18]) THEN 131072 ELSE 0 END
        + CASE WHEN cardinality(slot_maximum) >= 19
            AND push.counts_for(class, tags, is_counted, slot_class[19], slot_tag[19], slot_counts_uncounted[19]) THEN 262144 ELSE 0 END
$$;
