-- tries: random() and clock_timestamp(): no two reads agree, nothing is harmed
-- guard: passes
-- server: rows \d+
SELECT user_id FROM company.person WHERE random() >= 0 AND clock_timestamp() > '2020-01-01'
