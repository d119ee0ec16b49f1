-- empty_old_carts: a cart that nobody touched for 14 days is emptied.
-- params: until timestamptz
-- returns: none
-- writes: shop.cart
UPDATE shop.cart SET state = 'emptied'
WHERE state = 'open' AND updated_at < CAST(:until AS timestamptz) - interval '14 days'
