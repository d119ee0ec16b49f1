-- cancel_runs: marks runs as cancelled, by id, by lane or all; from now on nothing of them is claimed or begun.
-- params: run_ids bigint[], lane push.lane, who text, now timestamptz
-- returns: many (run_id bigint)
-- writes: run, audit_log
-- why: run_ids null = what is under way in the lane (null = any lane): planned or being planned, with something not
--   gone yet; future runs stay.
--   Answers only what was not cancelled before.
WITH under_way AS (
    SELECT r.run_id
    FROM push.run AS r
    WHERE CAST(:run_ids AS bigint[]) IS NULL
        AND (CAST(:lane AS push.lane) IS NULL OR r.lane = CAST(:lane AS push.lane))
        AND (
            r.status IN ('held', 'planning', 'set_aside')
            OR (r.status = 'planned' AND EXISTS (
                SELECT
                FROM push.send_batch AS b
                WHERE b.run_day = r.run_day AND b.run_id = r.run_id AND b.status IN ('waiting', 'claimed')
            ))
        )
),
cancelled AS (
    UPDATE push.run AS r
    SET
        status = 'cancelled',
        status_note = 'cancelled by ' || CAST(:who AS text),
        finished_at = CAST(:now AS timestamptz),
        closed_at = NULL
    WHERE (r.run_id = ANY(CAST(:run_ids AS bigint[])) OR r.run_id IN (SELECT u.run_id FROM under_way AS u))
        AND r.status NOT IN ('cancelled', 'expired')
    RETURNING r.run_id, r.source_kind, r.source_id
),
noted AS (
    INSERT INTO push.audit_log (happened_at, who, what, source_kind, source_id, run_id)
    SELECT CAST(:now AS timestamptz), CAST(:who AS text), 'cancel', c.source_kind, c.source_id, c.run_id
    FROM cancelled AS c
)
SELECT c.run_id FROM cancelled AS c ORDER BY c.run_id
