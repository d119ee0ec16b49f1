-- drop_old_views: product pages seen are kept for 90 days.
-- params: until timestamptz
-- returns: none
-- writes: shop.product_view
DELETE FROM shop.product_view
WHERE viewed_at < CAST(:until AS timestamptz) - interval '93 days'
