-- is_seeded: whether the demo company stands; its tables are made and filled in one transaction.
-- params: none
-- returns: one (is_seeded boolean)
-- writes: nothing
SELECT to_regclass('shop.demo_state') IS NOT NULL AS is_seeded
