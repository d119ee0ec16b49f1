-- flush_commits: when this transaction's commit returns, every commit before it is on disk.
-- params: none
-- returns: one (transaction_id text)
-- writes: nothing
-- why: a transaction without a number has nothing to flush; asking for one makes its commit a record of the log.
SELECT pg_current_xact_id()::text AS transaction_id
