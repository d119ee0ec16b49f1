-- lock_demo: one process at a time builds or refreshes the demo company; released at the end of the transaction.
-- params: none
-- returns: none
-- writes: nothing
SELECT pg_advisory_xact_lock(hashtextextended('pushline demo company', 0))
