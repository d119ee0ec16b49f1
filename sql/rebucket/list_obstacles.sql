-- list_obstacles: what forbids to change the number of buckets now: who is connected, what is claimed, which runs stand half-way.
-- params: none
-- returns: many (kind text, detail text)
-- writes: nothing
-- why: a run must be decided in all of its buckets or in none: two buckets become one, and half of one can be neither decided nor undecided.
SELECT
    'session' AS kind,
    format('%s (%s, process %s)', coalesce(nullif(a.application_name, ''), 'somebody'), a.usename, a.pid) AS detail
FROM pg_catalog.pg_stat_activity AS a
WHERE a.datname = current_database()
    AND a.pid <> pg_backend_pid()
    AND a.backend_type = 'client backend'
    AND (a.usename LIKE 'pushline\_%' OR a.usename = current_user)
UNION ALL
SELECT
    'claimed',
    format('%s batches of run %s, by %s until %s UTC', count(*), b.run_id, string_agg(DISTINCT coalesce(b.worker, '?'), ', '),
        to_char(max(b.lease_until) AT TIME ZONE 'UTC', 'HH24:MI:SS'))
FROM push.send_batch AS b
WHERE b.status = 'claimed'
GROUP BY b.run_id
UNION ALL
SELECT
    CASE WHEN r.status = 'planning' THEN 'planning' WHEN r.status IN ('cancelled', 'expired') THEN 'closing' ELSE 'half' END,
    format('run %s (%s), decided in %s of %s buckets', r.run_id, r.title, k.decided, k.blocks)
FROM push.run AS r
CROSS JOIN LATERAL (
    SELECT
        count(*) AS blocks,
        count(m.run_id) AS decided
    FROM push.audience_block AS a
    LEFT JOIN push.run_bucket AS m ON a.run_id = m.run_id AND a.bucket = m.bucket
    WHERE a.run_id = r.run_id
) AS k
WHERE r.status = 'planning'
    OR (r.status IN ('cancelled', 'expired') AND r.closed_at IS NULL)
    OR (k.decided < k.blocks AND EXISTS (SELECT FROM push.run_bucket AS d WHERE d.run_id = r.run_id))
ORDER BY kind, detail
