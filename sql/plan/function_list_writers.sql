-- function_list_writers: who wrote the version that a run is of; nobody for an offer of another team.
-- params: run_id bigint
-- returns: many (name text)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.list_writers(run_id bigint) RETURNS TABLE (name text)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT unnest(v.edited_by)
    FROM push.run AS r
    INNER JOIN push.brief_version AS v ON v.brief_id = r.source_id AND v.version = r.version
    WHERE r.run_id = list_writers.run_id AND r.source_kind = 'brief'
    UNION
    SELECT unnest(v.edited_by)
    FROM push.run AS r
    INNER JOIN push.trigger_rule_version AS v ON v.trigger_id = r.source_id AND v.version = r.version
    WHERE r.run_id = list_writers.run_id AND r.source_kind = 'trigger';
END;
REVOKE ALL ON FUNCTION push.list_writers(bigint) FROM public;
GRANT EXECUTE ON FUNCTION push.list_writers(bigint) TO pushline_planner;
