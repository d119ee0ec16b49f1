-- analyze_shop: fresh statistics for the planner, because everything was loaded at once.
-- params: none
-- returns: none
-- writes: nothing
ANALYZE shop.city, shop.category, shop.product, shop.price_change, shop.customer, shop.installation,
shop.consent_change, shop.customer_order, shop.order_line, shop.product_view, shop.cart, shop.cart_line,
shop.past_campaign, shop.past_push
