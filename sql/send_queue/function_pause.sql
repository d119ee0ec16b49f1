-- function_pause: stops a run, a lane or everything from leaving, from the next claim and the next begin on.
-- params: who text, lane push.lane, run_id bigint, at timestamptz
-- returns: one (pause boolean)
-- writes: pause, audit_log
-- why: neither lane nor run means all. False when it was paused already.
CREATE OR REPLACE FUNCTION push.pause(
    who text, lane push.lane DEFAULT NULL, run_id bigint DEFAULT NULL, at timestamptz DEFAULT NULL
) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moment timestamptz := push.queue_moment(at);
    scope text := CASE WHEN run_id IS NOT NULL THEN 'run' WHEN lane IS NOT NULL THEN 'lane' ELSE 'all' END;
BEGIN
    IF lane IS NOT NULL AND run_id IS NOT NULL THEN
        RAISE EXCEPTION 'Pause a lane or a run, not both at once.' USING ERRCODE = 'PQ002';
    ELSIF run_id IS NOT NULL AND NOT EXISTS (SELECT FROM push.run AS r WHERE r.run_id = pause.run_id) THEN
        RAISE EXCEPTION 'There is no run %.', run_id USING ERRCODE = 'PQ002';
    END IF;
    INSERT INTO push.pause (scope, lane, run_id, paused_by, paused_at)
    VALUES (scope, pause.lane, pause.run_id, who, moment)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO push.audit_log (happened_at, who, what, run_id, detail)
    VALUES (moment, pause.who, 'pause', pause.run_id, jsonb_build_object('scope', scope, 'lane', pause.lane));
    RETURN true;
END $$;
REVOKE ALL ON FUNCTION push.pause(text, push.lane, bigint, timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION push.pause(text, push.lane, bigint, timestamptz) TO pushline_planner, pushline_page;
