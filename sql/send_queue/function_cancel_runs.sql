-- function_cancel_runs: marks runs as cancelled, by id, by lane or all; from now on nothing of them is claimed or begun.
-- params: run_ids bigint[], lane push.lane, who text, at timestamptz
-- returns: many (run_id bigint)
-- writes: run, audit_log
-- why: run_ids null = what is under way in the lane (null = any lane): planned or being planned, with something not
--   gone yet; future runs stay.
--   Answers only what was not cancelled before. A function, because whoever stops a run need not be allowed to write runs.
CREATE OR REPLACE FUNCTION push.cancel_runs(run_ids bigint[], lane push.lane, who text, at timestamptz)
RETURNS TABLE (run_id bigint)
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH under_way AS (
        SELECT r.run_id
        FROM push.run AS r
        WHERE cancel_runs.run_ids IS NULL
            AND (cancel_runs.lane IS NULL OR r.lane = cancel_runs.lane)
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
            status_note = 'cancelled by ' || cancel_runs.who,
            finished_at = cancel_runs.at,
            closed_at = NULL
        WHERE (r.run_id = ANY(cancel_runs.run_ids) OR r.run_id IN (SELECT u.run_id FROM under_way AS u))
            AND r.status NOT IN ('cancelled', 'expired')
        RETURNING r.run_id, r.source_kind, r.source_id
    ),
    noted AS (
        INSERT INTO push.audit_log (happened_at, who, what, source_kind, source_id, run_id)
        SELECT cancel_runs.at, cancel_runs.who, 'cancel', c.source_kind, c.source_id, c.run_id
        FROM cancelled AS c
    )
    SELECT c.run_id FROM cancelled AS c
$$;
REVOKE ALL ON FUNCTION push.cancel_runs(bigint[], push.lane, text, timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION push.cancel_runs(bigint[], push.lane, text, timestamptz) TO pushline_planner, pushline_page;
