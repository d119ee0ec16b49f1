-- function_tell_run_acts: what was done to the runs of a brief, oldest first: stops, pauses, holds, and the answers to these.
-- params: brief_id bigint
-- returns: many (run_id bigint, occasion timestamptz, happened_at timestamptz, who text, what text, reach bigint, low bigint, high bigint)
-- writes: nothing
-- why: the audit log holds the erasures of people, too: whoever reads the history of a brief gets these lines and no right to the rest.
CREATE OR REPLACE FUNCTION push.tell_run_acts(brief_id bigint)
RETURNS TABLE (
    run_id bigint, occasion timestamptz, happened_at timestamptz, who text, what text, reach bigint, low bigint, high bigint
)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT
        r.run_id,
        r.occasion,
        l.happened_at,
        l.who,
        l.what,
        (l.detail ->> 'reach')::bigint AS reach,
        (l.detail ->> 'low')::bigint AS low,
        (l.detail ->> 'high')::bigint AS high
    FROM push.run AS r
    INNER JOIN push.audit_log AS l ON r.run_id = l.run_id
    WHERE r.source_kind = 'brief'
        AND r.source_id = tell_run_acts.brief_id
        AND l.what IN ('cancel', 'pause', 'resume', 'run_held', 'reach_approved', 'reach_refused')
    ORDER BY l.audit_id
$$;
REVOKE ALL ON FUNCTION push.tell_run_acts(bigint) FROM public;
GRANT EXECUTE ON FUNCTION push.tell_run_acts(bigint) TO pushline_planner, pushline_page;
