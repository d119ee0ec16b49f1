-- function_first_full_slot: the first counter (1-based) that holds its maximum already, 0 when all have room.
-- params: packed_1 float8, packed_2 float8, packed_3 float8, packed_4 float8, packed_5 float8, slot_maximum integer[], weekly_limit smallint
-- returns: one (first_full_slot integer)
-- writes: nothing
-- why: slot 2 is the user's own limit, in force where slot_maximum[2] is not null; slots without a maximum never fill. Unrolled, because with constant arrays the planner folds every branch that the policy does not use.
CREATE OR REPLACE FUNCTION push.first_full_slot(
    packed_1 float8, packed_2 float8, packed_3 float8, packed_4 float8, packed_5 float8,
    slot_maximum integer[], weekly_limit smallint
) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE
        WHEN (coalesce(packed_1, 0)::bigint & 8191) >= slot_maximum[1] THEN 1
        WHEN slot_maximum[2] IS NOT NULL AND (coalesce(packed_1, 0)::bigint >> 13 & 8191) >= weekly_limit THEN 2
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
        WHEN (coalesce(packed_4, 0)::bigint & 8191) >= slot_maximum[13] THEN 13
        WHEN (coalesce(packed_4, 0)::bigint >> 13 & 8191) >= slot_maximum[14] THEN 14
        WHEN (coalesce(packed_4, 0)::bigint >> 26 & 8191) >= slot_maximum[15] THEN 15
        WHEN (coalesce(packed_4, 0)::bigint >> 39 & 8191) >= slot_maximum[16] THEN 16
        WHEN (coalesce(packed_5, 0)::bigint & 8191) >= slot_maximum[17] THEN 17
        WHEN (coalesce(packed_5, 0)::bigint >> 13 & 8191) >= slot_maximum[18] THEN 18
        WHEN (coalesce(packed_5, 0)::bigint >> 26 & 8191) >= slot_maximum[19] THEN 19
        ELSE 0
    END
$$;
