-- analyze_drafts: statistics for the drafts and the orders made from them.
-- params: none
-- returns: none
-- writes: nothing
-- why: without them Postgres joins the names by nested loops and 2 seconds become hours.
ANALYZE draft_order, draft_name, draft_person, shop.city, shop.product, shop.customer_order
