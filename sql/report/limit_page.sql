-- limit_page: end this transaction's statements that keep somebody at the page waiting, for a lock or by their own length.
-- params: longest text, longest_lock text
-- returns: one (statement_limit text, lock_limit text)
-- writes: nothing
SELECT
    set_config('statement_timeout', CAST(:longest AS text), true) AS statement_limit,
    set_config('lock_timeout', CAST(:longest_lock AS text), true) AS lock_limit
