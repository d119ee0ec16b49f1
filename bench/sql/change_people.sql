-- What a busy hour changes at a company: one person in ten, one consent in twenty, one install in ten.
UPDATE shop.customer
SET time_zone = CASE time_zone WHEN 'Asia/Almaty' THEN 'Asia/Oral' ELSE 'Asia/Almaty' END, updated_at = :at
WHERE customer_id % 10 = :part AND erased_at IS NULL;
INSERT INTO shop.consent_change (customer_id, purpose, granted, source, changed_at)
SELECT customer_id, 'marketing', customer_id % 40 < 20, 'app', :at
FROM shop.customer
WHERE customer_id % 20 = :part AND erased_at IS NULL;
UPDATE shop.installation
SET is_active = false, updated_at = :at
WHERE customer_id % 10 = :part
