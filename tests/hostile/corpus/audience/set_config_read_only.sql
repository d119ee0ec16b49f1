-- tries: leave the read-only transaction
-- guard: set_config
-- server: permission denied
SELECT 1 AS user_id WHERE set_config('transaction_read_only', 'off', false) IS NOT NULL
