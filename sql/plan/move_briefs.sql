-- move_briefs: let the status of briefs follow their runs: scheduled, sending, sent. Under the locks of lock_moving_briefs.
-- params: brief_ids bigint[], over_ids bigint[], over_versions integer[], now timestamptz
-- returns: none
-- writes: brief
-- why: only what is locked is moved: whatever is not stands where somebody else puts it meanwhile.
UPDATE push.brief
SET status = f.status, changed_at = CAST(:now AS timestamptz)
FROM push.follow_runs(CAST(:over_ids AS bigint[]), CAST(:over_versions AS integer[])) AS f
WHERE brief.brief_id = f.brief_id AND brief.brief_id = ANY(CAST(:brief_ids AS bigint[])) AND brief.status <> f.status
