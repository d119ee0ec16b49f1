-- title: Everybody
-- owner: tests
-- column first_name text nullable: first name
SELECT user_id, first_name FROM company.person
