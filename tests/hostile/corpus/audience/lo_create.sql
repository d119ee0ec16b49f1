-- tries: write by a large object
-- guard: lo_create
-- server: permission denied
SELECT lo_create(0)::bigint AS user_id
