-- add_demo_state: remember the seed and from which minute on activity is to be played.
-- params: seed bigint, now timestamptz
-- returns: none
-- writes: shop.demo_state
INSERT INTO shop.demo_state (seed, seeded_at, refreshed_until)
VALUES (CAST(:seed AS bigint), CAST(:now AS timestamptz), date_trunc('minute', CAST(:now AS timestamptz)))
