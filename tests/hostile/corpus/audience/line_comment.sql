-- tries: -- takes away what follows
-- guard: passes|cannot be read
-- server: rows \d+|syntax error
SELECT user_id FROM company.person -- ) AS q; DELETE FROM company.person
