-- function_resume: ends the pause of a run, a lane or everything.
-- params: who text, lane push.lane, run_id bigint, at timestamptz
-- returns: one (resume boolean)
-- writes: pause, audit_log
-- why: ends that one pause only: a run stays stopped while its lane or everything is paused. False when it was not
--   paused.
CREATE OR REPLACE FUNCTION push.resume(
    who text, lane push.lane DEFAULT NULL, run_id bigint DEFAULT NULL, at timestamptz DEFAULT NULL
) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moment timestamptz := push.queue_moment(at);
    scope_of_pause text := CASE WHEN run_id IS NOT NULL THEN 'run' WHEN lane IS NOT NULL THEN 'lane' ELSE 'all' END;
BEGIN
    UPDATE push.pause AS p
    SET resumed_by = who, resumed_at = moment
    WHERE p.resumed_at IS NULL
        AND p.scope = scope_of_pause
        AND p.lane IS NOT DISTINCT FROM resume.lane
        AND p.run_id IS NOT DISTINCT FROM resume.run_id;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO push.audit_log (happened_at, who, what, run_id, detail)
    VALUES (moment, resume.who, 'resume', resume.run_id, jsonb_build_object('scope', scope_of_pause, 'lane', resume.lane));
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION push.resume(text, push.lane, bigint, timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION push.resume(text, push.lane, bigint, timestamptz) TO pushline_planner, pushline_page;
