-- list_pauses: what is paused now, and by whom.
-- params: none
-- returns: many (scope text, lane push.lane, run_id bigint, title text, paused_by text, paused_at timestamptz)
-- writes: nothing
SELECT p.scope, p.lane, p.run_id, r.title, p.paused_by, p.paused_at
FROM push.pause AS p
LEFT JOIN push.run AS r ON r.run_id = p.run_id
WHERE p.resumed_at IS NULL
ORDER BY p.paused_at, p.pause_id
