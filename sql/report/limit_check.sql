-- limit_check: end this transaction's statements that take longer.
-- params: limit text
-- returns: one (limit_check text)
-- writes: nothing
SELECT set_config('statement_timeout', CAST(:limit AS text), true) AS limit_check
