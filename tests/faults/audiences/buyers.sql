-- title: Two of three people
-- owner: tests
-- column first_name text nullable: first name
SELECT user_id, first_name FROM company.person WHERE mod(user_id, 3) > 0
