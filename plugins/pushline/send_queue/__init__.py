"""The send queue: the contract with takers and other teams, cancel, pause, expiry, status.

The contract itself is SQL (sql/send_queue/function_*.sql, docs/send-queue.md); `client` and `offer`
speak it from Python.
"""
