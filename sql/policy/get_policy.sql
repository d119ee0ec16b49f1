-- get_policy: the policy in force at a moment.
-- params: at timestamptz
-- returns: one (policy_id integer, quiet_from time, quiet_until time, minimum_gap interval)
-- writes: nothing
SELECT
    p.policy_id,
    p.quiet_from,
    p.quiet_until,
    make_interval(secs => extract(EPOCH FROM p.minimum_gap)::float8) AS minimum_gap
FROM push.policy AS p
WHERE p.valid_from <= CAST(:at AS timestamptz)
ORDER BY p.valid_from DESC
LIMIT 1
