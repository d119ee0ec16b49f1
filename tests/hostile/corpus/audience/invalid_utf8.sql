-- tries: bytes that are no UTF-8
-- guard: is not UTF-8
-- server: none
SELECT user_id FROM company.person WHERE city <> 'ÿÀ¯'
