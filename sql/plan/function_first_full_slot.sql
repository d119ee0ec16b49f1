-- function_first_full_slot: the first counter (1-based) that holds its maximum already, 0 when all have room; the user's own limit (slot 2) aside.
-- params: packed_1 float8, packed_2 float8, packed_3 float8, slot_maximum integer[]
-- returns: one (first_full_slot integer)
-- writes: nothing
-- why: slots without a maximum never fill. Unrolled: an inlined CASE costs a tenth of a loop.
CREATE OR REPLACE FUNCTION push.first_full_slot(
    packed_1 float8, packed_2 float8, packed_3 float8,
    slot_maximum integer[]
) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN (coalesce(packed_1, 0)::bigint & 8191) >= slot_maximum[1] THEN 1
        WHEN (coalesce(packed_1, 0)::bigint >> 26 & 8191) >= slot_maximum[3] THEN 3
        WHEN (coalesce(packed_1, 0)::bigint >> 39 & 8191) >= slot_maximum[4] THEN 4
        WHEN (coalesce(packed_2, 0)::bigint & 8191) >= slot_maximum[5] THEN 5
        WHEN (coalesce(packed_2, 0)::bigint >> 13 & 8191) >= slot_maximum[6] THEN 6
        WHEN (coalesce(packed_2, 0)::bigint >> 26 & 8191) >= slot_maximum[7] THEN 7
        WHEN (coalesce(packed_2, 0)::bigint >> 39 & 8191) >= slot_maximum[8] THEN 8
        WHEN (coalesce(packed_3, 0)::bigint & 8191) >= slot_maximum[9] THEN 9
        WHEN (coalesce(packed_3, 0)::bigint >> 13 & 8191) >= slot_maximum[10] THEN 10
        WHEN (coalesce(packed_3, 0)::bigint >> 26 & 8191) >= slot_maximum[11] THEN 11
        WHEN (coalesce(packed_3, 0)::bigint >> 39 & 8191) >= slot_maximum[12] THEN 12
        ELSE 0
    END
$$;
