-- list_wave_faults: what was set aside in a wave, a row a run with its first failure.
-- params: wave_id bigint
-- returns: many (run_id bigint, title text, bucket smallint, error text)
-- writes: nothing
SELECT DISTINCT ON (r.run_id)
    r.run_id,
    r.title,
    a.bucket,
    a.error
FROM push.run AS r
INNER JOIN push.set_aside AS a
    ON r.run_id = a.run_id
WHERE r.wave_id = CAST(:wave_id AS bigint)
ORDER BY r.run_id, a.bucket
