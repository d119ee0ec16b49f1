-- lock_unread_run: keep a run that has no snapshot yet from changing until the transaction ends; no row when it has
--      one or has ended.
-- params: run_id bigint
-- returns: many (run_id bigint)
-- writes: nothing
-- why: asked when the audience has been read: of two who read it at once the first to come here stores its own.
SELECT r.run_id
FROM push.run AS r
WHERE
    r.run_id = CAST(:run_id AS bigint) AND r.snapshot_at IS NULL
    AND r.status IN ('waiting', 'held', 'planning', 'set_aside')
FOR UPDATE
