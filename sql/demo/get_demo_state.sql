-- get_demo_state: the seed, and up to which minute activity has been played.
-- params: none
-- returns: one (seed bigint, seeded_at timestamptz, refreshed_until timestamptz)
-- writes: nothing
SELECT
    seed,
    seeded_at,
    refreshed_until
FROM shop.demo_state
