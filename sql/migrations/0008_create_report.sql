-- What survives retention, what checks found, who did what.
CREATE TABLE push.run_total (
    run_id bigint PRIMARY KEY REFERENCES push.run,
    counted_at timestamptz NOT NULL,
    audience_users integer NOT NULL,
    not_planned_yet integer NOT NULL,
    enqueued integer NOT NULL,
    reasons jsonb NOT NULL,
    ends jsonb NOT NULL
);
COMMENT ON TABLE push.run_total IS 'The funnel of a run as last counted: kept when batches and blocks are dropped.';

CREATE TABLE push.check_result (
    check_result_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    check_name text NOT NULL,
    severity text NOT NULL CONSTRAINT severity_is_known CHECK (severity IN ('fail', 'warn')),
    checked_at timestamptz NOT NULL,
    offending integer NOT NULL,
    sample jsonb NOT NULL DEFAULT '[]'
);
COMMENT ON TABLE push.check_result IS 'What sql/checks found, a row a check and time.';
CREATE INDEX check_result_name_idx ON push.check_result (check_name, checked_at DESC);

CREATE TABLE push.audit_log (
    audit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    happened_at timestamptz NOT NULL,
    who text NOT NULL,
    what text NOT NULL,
    source_kind push.source_kind,
    source_id bigint,
    run_id bigint,
    detail jsonb NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE push.audit_log IS 'Who did what: approvals, cancels, pauses, erasures, holds.';
CREATE INDEX audit_log_run_idx ON push.audit_log (run_id);
