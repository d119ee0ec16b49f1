-- set_source_aside: keep why no run could be made of a brief or trigger, once a version and error.
-- params: kind source_kind, source_id bigint, version integer, error text, now timestamptz
-- returns: none
-- writes: audit_log
INSERT INTO push.audit_log (happened_at, who, what, source_kind, source_id, detail)
SELECT
    CAST(:now AS timestamptz),
    'planner',
    'set_aside',
    CAST(:kind AS push.source_kind),
    CAST(:source_id AS bigint),
    jsonb_build_object('version', CAST(:version AS integer), 'error', CAST(:error AS text))
WHERE NOT EXISTS (
    SELECT
    FROM push.audit_log AS l
    WHERE l.what = 'set_aside' AND l.source_kind = CAST(:kind AS push.source_kind) AND l.source_id = CAST(:source_id AS bigint)
        AND l.detail = jsonb_build_object('version', CAST(:version AS integer), 'error', CAST(:error AS text))
)
