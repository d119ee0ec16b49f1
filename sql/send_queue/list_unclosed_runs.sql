-- list_unclosed_runs: cancelled and expired runs whose buckets were not all closed yet, because that was cut short.
-- params: none
-- returns: many (run_id bigint)
-- writes: nothing
SELECT r.run_id
FROM push.run AS r
WHERE r.status IN ('cancelled', 'expired') AND r.closed_at IS NULL
ORDER BY r.run_id
