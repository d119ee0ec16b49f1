-- move_briefs: let the status of briefs follow their runs: scheduled, sending, sent.
-- params: over bigint[], now timestamptz
-- returns: none
-- writes: brief
-- over: briefs that repeat and have no occasion left. Between two occasions a brief is scheduled: then it may be edited, and approved anew.
UPDATE push.brief
SET status = follows.status, changed_at = CAST(:now AS timestamptz)
FROM (
    SELECT
        b.brief_id,
        CASE
            WHEN (b.repeat IS NULL OR b.brief_id = ANY(CAST(:over AS bigint[])))
                AND bool_or(r.status IN ('planned', 'cancelled', 'expired'))
                AND NOT bool_or(r.status IN ('waiting', 'held', 'planning', 'set_aside'))
                AND NOT bool_or(EXISTS (
                    SELECT
                    FROM push.send_batch AS q
                    WHERE q.run_id = r.run_id AND q.status IN ('waiting', 'claimed')
                )) THEN 'sent'
            WHEN bool_or(r.status = 'planning' OR (r.status = 'planned' AND (b.repeat IS NULL OR EXISTS (
                SELECT
                FROM push.send_batch AS q
                WHERE q.run_id = r.run_id AND q.status IN ('waiting', 'claimed')
            )))) THEN 'sending'
            ELSE 'scheduled'
        END AS status
    FROM push.approved_brief AS b
    LEFT JOIN push.run AS r
        ON r.source_kind = 'brief' AND b.brief_id = r.source_id
    GROUP BY b.brief_id, b.repeat
) AS follows
WHERE brief.brief_id = follows.brief_id AND brief.status <> follows.status
