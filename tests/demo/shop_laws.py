"""Laws of the shop's data, each as a SELECT that returns the rows that break it."""

LAWS = {
    "an order's lines sum up to its total and its pieces": """
        SELECT orders.order_id FROM shop.customer_order AS orders
        LEFT JOIN shop.order_line AS line USING (order_id)
        GROUP BY orders.order_id
        HAVING sum(line.amount) IS DISTINCT FROM orders.total
        OR sum(line.quantity) IS DISTINCT FROM orders.pieces
    """,
    "whoever bought in the last 90 days had looked at it before": """
        SELECT orders.order_id FROM shop.customer_order AS orders
        INNER JOIN shop.order_line AS line USING (order_id)
        WHERE orders.ordered_at >= CAST(:now AS timestamptz) - interval '90 days'
        AND NOT EXISTS (
            SELECT FROM shop.product_view AS look
            WHERE look.customer_id = orders.customer_id AND look.product_id = line.product_id
            AND look.viewed_at < orders.ordered_at
        )
    """,
    "goods in a cart were looked at before": """
        SELECT cart.cart_id FROM shop.cart INNER JOIN shop.cart_line AS line USING (cart_id)
        WHERE NOT EXISTS (
            SELECT FROM shop.product_view AS look
            WHERE look.customer_id = cart.customer_id AND look.product_id = line.product_id
            AND look.viewed_at < line.added_at
        )
    """,
    "a cart is filled between its first and its last touch": """
        SELECT cart_id FROM shop.cart LEFT JOIN shop.cart_line AS line USING (cart_id)
        WHERE line.added_at IS NULL OR line.added_at < created_at OR line.added_at > updated_at
    """,
    "nobody acts before registering": """
        SELECT customer_id FROM shop.customer INNER JOIN (
            SELECT customer_id, viewed_at AS at FROM shop.product_view
            UNION ALL SELECT customer_id, ordered_at FROM shop.customer_order
            UNION ALL SELECT customer_id, created_at FROM shop.cart
            UNION ALL SELECT customer_id, created_at FROM shop.installation WHERE customer_id > 0
            UNION ALL SELECT customer_id, changed_at FROM shop.consent_change
            UNION ALL SELECT user_id, sent_at FROM shop.past_push
        ) AS deed USING (customer_id)
        WHERE deed.at < registered_at
    """,
    "nothing but planned prices lies in the future": """
        SELECT at FROM (
            SELECT viewed_at AS at FROM shop.product_view
            UNION ALL SELECT ordered_at FROM shop.customer_order
            UNION ALL SELECT updated_at FROM shop.cart
            UNION ALL SELECT last_seen_at FROM shop.installation
            UNION ALL SELECT changed_at FROM shop.consent_change
            UNION ALL SELECT greatest(sent_at, opened_at) FROM shop.past_push
            UNION ALL SELECT updated_at FROM shop.customer
        ) AS deed WHERE at > CAST(:now AS timestamptz)
    """,
    "a consent changes only to its opposite": """
        SELECT customer_id FROM (
            SELECT *, lag(granted) OVER (PARTITION BY customer_id, purpose ORDER BY changed_at)
                AS before
            FROM shop.consent_change
        ) AS change WHERE granted = before
    """,
    "an erased person has no name, no installs, no consent and leaves no trace afterwards": """
        SELECT person.customer_id FROM shop.customer AS person
        WHERE person.erased_at IS NOT NULL AND (
            person.first_name IS NOT NULL OR person.last_name IS NOT NULL
            OR person.birthday IS NOT NULL
            OR EXISTS (
                SELECT FROM shop.installation AS device
                WHERE device.customer_id = person.customer_id
            )
            OR EXISTS (
                SELECT FROM shop.customer_order AS orders
                WHERE orders.customer_id = person.customer_id
                AND orders.ordered_at > person.erased_at
            )
            OR EXISTS (
                SELECT FROM shop.product_view AS look
                WHERE look.customer_id = person.customer_id AND look.viewed_at > person.erased_at
            )
            OR (
                SELECT bool_or(latest.granted) FROM (
                    SELECT DISTINCT ON (purpose) granted FROM shop.consent_change AS change
                    WHERE change.customer_id = person.customer_id
                    ORDER BY purpose, changed_at DESC
                ) AS latest
            )
        )
    """,
    "an install was made before it was last seen": """
        SELECT installation_id FROM shop.installation
        WHERE last_seen_at < created_at OR updated_at < last_seen_at
    """,
    "whoever uses the app was seen there when looking at goods": """
        SELECT device.customer_id FROM shop.installation AS device
        INNER JOIN shop.product_view AS look USING (customer_id)
        GROUP BY device.customer_id
        HAVING max(device.last_seen_at) < max(look.viewed_at) AND bool_or(device.is_active)
    """,
    "past pushes went to people with consent at that time": """
        SELECT user_id FROM shop.past_push AS push
        WHERE NOT coalesce((
            SELECT granted FROM shop.consent_change AS change
            WHERE change.customer_id = push.user_id AND change.purpose = 'marketing'
            AND change.changed_at <= push.sent_at
            ORDER BY change.changed_at DESC LIMIT 1
        ), FALSE)
    """,
    "nobody got more than three past pushes in seven days": """
        SELECT push.user_id FROM shop.past_push AS push
        INNER JOIN shop.past_push AS earlier ON push.user_id = earlier.user_id
        AND earlier.sent_at > push.sent_at - interval '7 days' AND earlier.sent_at <= push.sent_at
        GROUP BY push.user_id, push.sent_at HAVING count(*) > 3
    """,
    "a price change changes the price": """
        SELECT product_id FROM (
            SELECT *, lag(price) OVER (PARTITION BY product_id ORDER BY valid_from) AS before
            FROM shop.price_change
        ) AS change WHERE price = before
    """,
}
