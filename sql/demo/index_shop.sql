-- index_shop: keys, references and the indexes that a shop of this kind would have.
-- params: none
-- returns: none
-- writes: schema shop
ALTER TABLE shop.city ADD PRIMARY KEY (city_id);
ALTER TABLE shop.category ADD PRIMARY KEY (category_id), ADD UNIQUE (code);
ALTER TABLE shop.product ADD PRIMARY KEY (product_id), ADD UNIQUE (url_path),
ADD FOREIGN KEY (category_id) REFERENCES shop.category;
ALTER TABLE shop.price_change ADD PRIMARY KEY (product_id, valid_from),
ADD FOREIGN KEY (product_id) REFERENCES shop.product;
CREATE INDEX price_change_valid_from ON shop.price_change (valid_from);

ALTER TABLE shop.customer ADD PRIMARY KEY (customer_id), ADD FOREIGN KEY (city_id) REFERENCES shop.city;
CREATE INDEX customer_updated_at ON shop.customer (updated_at);
CREATE INDEX customer_registered_at ON shop.customer (registered_at);
CREATE INDEX customer_city ON shop.customer (city_id);
CREATE INDEX customer_birthday ON shop.customer (
    (extract(MONTH FROM birthday) * 100 + extract(DAY FROM birthday))
);

ALTER TABLE shop.installation ADD PRIMARY KEY (installation_id), ADD UNIQUE (push_address),
ADD FOREIGN KEY (customer_id) REFERENCES shop.customer;
CREATE INDEX installation_customer ON shop.installation (customer_id, is_active) INCLUDE (last_seen_at);
CREATE INDEX installation_updated_at ON shop.installation (updated_at);

ALTER TABLE shop.consent_change ADD PRIMARY KEY (customer_id, purpose, changed_at),
ADD FOREIGN KEY (customer_id) REFERENCES shop.customer;
CREATE INDEX consent_change_changed_at ON shop.consent_change (changed_at);

ALTER TABLE shop.customer_order ADD PRIMARY KEY (order_id),
ADD FOREIGN KEY (customer_id) REFERENCES shop.customer;
CREATE INDEX customer_order_customer ON shop.customer_order (customer_id, ordered_at) INCLUDE (total, order_id);
CREATE INDEX customer_order_ordered_at ON shop.customer_order (ordered_at) INCLUDE (customer_id, total);
ALTER TABLE shop.order_line ADD PRIMARY KEY (order_id, line_number) INCLUDE (product_id),
ADD FOREIGN KEY (order_id) REFERENCES shop.customer_order,
ADD FOREIGN KEY (product_id) REFERENCES shop.product;

CREATE INDEX product_view_product ON shop.product_view (product_id, viewed_at) INCLUDE (customer_id);
CREATE INDEX product_view_viewed_at ON shop.product_view (viewed_at) INCLUDE (customer_id, product_id);

ALTER TABLE shop.cart ADD PRIMARY KEY (cart_id), ADD FOREIGN KEY (customer_id) REFERENCES shop.customer;
CREATE UNIQUE INDEX cart_one_open ON shop.cart (customer_id) WHERE state = 'open';
CREATE INDEX cart_open_updated_at ON shop.cart (updated_at) WHERE state = 'open';
ALTER TABLE shop.cart_line ADD PRIMARY KEY (cart_id, product_id),
ADD FOREIGN KEY (cart_id) REFERENCES shop.cart,
ADD FOREIGN KEY (product_id) REFERENCES shop.product;

ALTER TABLE shop.past_campaign ADD PRIMARY KEY (campaign_code);
ALTER TABLE shop.past_push ADD PRIMARY KEY (user_id, sent_at),
ADD FOREIGN KEY (campaign_code) REFERENCES shop.past_campaign;
CREATE INDEX past_push_sent_at ON shop.past_push (sent_at);
