-- take_due_runs: take the lane's due runs into a wave, with those that an earlier wave of the lane left unfinished.
-- params: wave_id bigint, lane text, now timestamptz
-- returns: many (run_id bigint)
-- writes: run
-- why: the lane of a wave is whose clock plans it: briefs by the marketing one whatever their class, triggers by the other, offers by their own lane.
UPDATE push.run
SET status = 'planning', wave_id = CAST(:wave_id AS bigint)
WHERE status IN ('waiting', 'planning')
    AND due_at <= CAST(:now AS timestamptz)
    AND expires_at > CAST(:now AS timestamptz)
    AND CAST(:lane AS text) = CASE source_kind WHEN 'brief' THEN 'marketing' WHEN 'trigger' THEN 'trigger' ELSE lane::text END
RETURNING run_id
