-- Triggers: which SQL file fires, with which settings; versions are history, somebody else approves them.
CREATE TABLE push.trigger_rule (
    trigger_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    is_on boolean NOT NULL DEFAULT false,
    current_version integer NOT NULL DEFAULT 1
);
COMMENT ON TABLE push.trigger_rule IS 'A trigger: a SQL file of sql/triggers by name, and its settings (the version in force).';

CREATE TABLE push.trigger_rule_version (
    trigger_id bigint NOT NULL REFERENCES push.trigger_rule,
    version integer NOT NULL,
    title text NOT NULL,
    class push.class NOT NULL DEFAULT 'trigger' CONSTRAINT trigger_travels_in_trigger_lane CHECK (class <> 'marketing'),
    parameters jsonb NOT NULL DEFAULT '{}',
    cool_down interval NOT NULL,
    ttl interval NOT NULL,
    priority smallint NOT NULL DEFAULT 5,
    limit_mode text NOT NULL DEFAULT 'drop',
    control_share integer NOT NULL DEFAULT 0,
    link text NOT NULL DEFAULT '',
    utm_campaign text NOT NULL,
    texts jsonb NOT NULL,
    content_hash text NOT NULL,
    edited_by text[] NOT NULL,
    edited_at timestamptz NOT NULL,
    PRIMARY KEY (trigger_id, version)
);
COMMENT ON COLUMN push.trigger_rule_version.texts IS '{"ru": {"title": ..., "body": ...}, ...}: Liquid with the columns of the trigger SQL.';

CREATE TRIGGER trigger_rule_version_never_changes BEFORE UPDATE OR DELETE ON push.trigger_rule_version
FOR EACH ROW EXECUTE FUNCTION push.refuse_change();
