-- limit_locks: give up in this transaction rather than wait long for a lock: what waits for a table makes everybody behind it wait.
-- params: none
-- returns: one (limit_locks text)
-- writes: nothing
SELECT set_config('lock_timeout', '5s', true) AS limit_locks
