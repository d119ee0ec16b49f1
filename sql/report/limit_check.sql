-- limit_check: end this transaction's statements that take longer, and let one sort millions of rows in memory.
-- params: longest text
-- returns: one (statement_limit text, work_mem text)
-- writes: nothing
SELECT
    set_config('statement_timeout', CAST(:longest AS text), true) AS statement_limit,
    set_config('work_mem', '256MB', true) AS work_mem
