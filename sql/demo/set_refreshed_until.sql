-- set_refreshed_until: remember up to which minute activity has been played.
-- params: until timestamptz
-- returns: none
-- writes: shop.demo_state
UPDATE shop.demo_state SET refreshed_until = CAST(:until AS timestamptz)
