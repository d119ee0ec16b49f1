-- tries: the planner's own lock
-- guard: FOR UPDATE
-- server: permission denied
SELECT bucket AS user_id FROM push.bucket_lock FOR NO KEY UPDATE
