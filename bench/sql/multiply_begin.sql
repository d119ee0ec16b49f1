-- What no bench of a large world reads goes: the shop keeps its customers and their cities; the history is told anew.
DROP TABLE IF EXISTS
    shop.installation, shop.consent_change, shop.order_line, shop.customer_order, shop.product_view, shop.cart_line, shop.cart,
    shop.past_push, shop.past_campaign CASCADE;
TRUNCATE push.send_batch
