-- function_run_refusal: why a run may not be planned at a moment, as a sentence; null when it may.
-- params: run_id bigint, at timestamptz
-- returns: one (run_refusal text)
-- writes: nothing
-- why: Frozen: asked inside the planning transaction, whoever calls it (DAG, form, command, backfill, cleared task).
--   Until a bucket is decided nothing pins the version: a brief or a trigger that was edited or stopped while its wave was under way does not leave.
CREATE OR REPLACE FUNCTION push.run_refusal(run_id bigint, at timestamptz) RETURNS text
LANGUAGE sql STABLE
AS $$
    SELECT CASE
        WHEN r.status <> 'planning' THEN format('Run %s is %s, not being planned.', r.run_id, r.status)
        WHEN r.due_at > at THEN format('Run %s is not due before %s.', r.run_id, r.due_at)
        WHEN r.expires_at <= at THEN format('Run %s expired at %s.', r.run_id, r.expires_at)
        WHEN r.snapshot_at IS NULL THEN format('Run %s has no snapshot of its audience yet.', r.run_id)
        WHEN r.source_kind = 'foreign' AND NOT EXISTS (
            SELECT FROM push.offer AS o WHERE o.offer_id = r.source_id AND o.content_hash = r.content_hash
        ) THEN format('Run %s belongs to no offer.', r.run_id)
        WHEN r.source_kind <> 'foreign' AND NOT EXISTS (
            SELECT FROM push.approval AS a
            WHERE a.source_kind = r.source_kind::text
                AND a.source_id = r.source_id
                AND a.version = r.version
                AND a.content_hash = r.content_hash
                AND a.withdrawn_at IS NULL
        ) THEN format('Run %s (%s) is not approved as it stands: ask an approver to look at version %s.', r.run_id, r.title, r.version)
        WHEN r.source_kind = 'brief' AND NOT EXISTS (SELECT FROM push.run_bucket AS d WHERE d.run_id = r.run_id) AND NOT EXISTS (
            SELECT FROM push.brief AS b
            WHERE b.brief_id = r.source_id AND b.current_version = r.version AND b.status <> 'cancelled'
        ) THEN format('Run %s (%s) is of a brief that was edited or stopped since: nothing of it was sent, its new version waits for approval.', r.run_id, r.title)
        WHEN r.source_kind = 'trigger' AND NOT EXISTS (SELECT FROM push.run_bucket AS d WHERE d.run_id = r.run_id) AND NOT EXISTS (
            SELECT FROM push.trigger_rule AS t
            WHERE t.trigger_id = r.source_id AND t.current_version = r.version AND t.is_on
        ) THEN format('Run %s (%s) is of a trigger that was edited or switched off since: nothing of it was sent; it fires again when it is on and approved as it stands now.', r.run_id, r.title)
    END
    FROM push.run AS r
    WHERE r.run_id = run_refusal.run_id
$$;
