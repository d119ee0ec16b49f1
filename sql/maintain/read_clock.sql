-- read_clock: the moment by the database's own clock, which leases and deadlines are judged by.
-- params: none
-- returns: one (now timestamptz)
-- writes: nothing
SELECT clock_timestamp() AS now
