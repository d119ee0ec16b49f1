-- grant_shop: the audience role reads the shop without addresses, the planner reads people, installs and consents.
-- params: none
-- returns: none
-- writes: privileges in schema shop
DO $$
BEGIN
  IF to_regrole('pushline_audience') IS NOT NULL THEN
    GRANT USAGE ON SCHEMA shop TO pushline_audience;
    GRANT SELECT ON shop.city, shop.category, shop.product, shop.price_change, shop.customer, shop.consent_change,
      shop.customer_order, shop.order_line, shop.product_view, shop.cart, shop.cart_line, shop.past_campaign,
      shop.past_push TO pushline_audience;
    GRANT SELECT (
      installation_id, customer_id, platform, provider, address_kind, app_version, is_active, created_at, last_seen_at
    ) ON shop.installation TO pushline_audience;
  END IF;
  IF to_regrole('pushline_planner') IS NOT NULL THEN
    GRANT USAGE ON SCHEMA shop TO pushline_planner;
    GRANT SELECT ON shop.customer, shop.installation, shop.consent_change TO pushline_planner;
  END IF;
END
$$
