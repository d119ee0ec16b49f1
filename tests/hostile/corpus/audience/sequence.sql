-- tries: a sequence moved on
-- guard: nextval
-- server: permission denied
SELECT nextval('company.counter') AS user_id
