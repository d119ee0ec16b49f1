-- find_pinning_run: a run that pins the version of a brief: some of its people are decided, and more would follow;
--   a brief without repeats is pinned for good by its only run.
-- params: brief_id bigint, repeats boolean
-- returns: many (run_id bigint)
-- writes: nothing
SELECT r.run_id
FROM push.run AS r
WHERE
    r.source_kind = 'brief'
    AND r.source_id = CAST(:brief_id AS bigint)
    AND (NOT CAST(:repeats AS boolean) OR r.status IN ('waiting', 'held', 'planning', 'set_aside'))
    AND EXISTS (SELECT FROM push.run_bucket AS b WHERE b.run_id = r.run_id)
ORDER BY r.run_id DESC
LIMIT 1
