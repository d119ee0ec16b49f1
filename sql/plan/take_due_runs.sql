-- take_due_runs: take the lane's due runs into a wave, with those that an earlier wave of the lane left unfinished, or left to wait for an approval
--   that is there again.
-- params: wave_id bigint, lane text, now timestamptz
-- returns: many (run_id bigint)
-- writes: run
-- why: a run that is set aside without a failure of its own waits for its approval (wait_for_approval); one that failed waits for a person.
--   The lane of a wave is whose clock plans it: briefs by the marketing one whatever their class, triggers by the other, offers by their own lane.
UPDATE push.run
SET
    status = 'planning',
    status_note = CASE status WHEN 'set_aside' THEN '' ELSE status_note END,
    wave_id = CAST(:wave_id AS bigint)
WHERE (
    status IN ('waiting', 'planning')
    OR (
        status = 'set_aside'
        AND NOT EXISTS (SELECT FROM push.set_aside AS a WHERE a.run_id = run.run_id)
        AND push.list_unapproved_runs(ARRAY[run_id]) = '{}'
    )
)
    AND due_at <= CAST(:now AS timestamptz)
    AND expires_at > CAST(:now AS timestamptz)
    AND CAST(:lane AS text) = CASE source_kind WHEN 'brief' THEN 'marketing' WHEN 'trigger' THEN 'trigger' ELSE lane::text END
RETURNING run_id
