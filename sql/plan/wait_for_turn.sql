-- wait_for_turn: wait until nobody else in the installation answers a question of this kind; held until the transaction ends.
-- params: kind text, longest text
-- returns: one (turn void)
-- writes: nothing
-- why: several processes serve the page. The limit is set first, since the lock reads it: hence the dependency.
WITH patience AS MATERIALIZED (
    SELECT set_config('lock_timeout', CAST(:longest AS text), true) AS longest
)

SELECT pg_advisory_xact_lock(hashtextextended('pushline question ' || CAST(:kind AS text) || left(p.longest, 0), 0)) AS turn
FROM patience AS p
