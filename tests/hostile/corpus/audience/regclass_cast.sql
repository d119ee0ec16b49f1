-- tries: names of other schemas by a cast
-- guard: has_table_privilege
-- server: permission denied|does not exist
SELECT 'push.send_batch'::regclass::oid::bigint AS user_id WHERE has_table_privilege('push.send_batch', 'SELECT')
