-- tries: SQL inside a text
-- guard: query_to_xml
-- server: permission denied
SELECT 1 AS user_id WHERE query_to_xml('DELETE FROM company.person', true, true, '') IS NOT NULL
