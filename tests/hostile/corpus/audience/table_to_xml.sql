-- tries: a whole table as a text
-- guard: table_to_xml
-- server: permission denied
SELECT 1 AS user_id WHERE table_to_xml('company.person', true, true, '') IS NOT NULL
