-- Briefs: what people plan. Versions are history and never change; an approval binds to one version by its hash.
CREATE TABLE push.brief_number (
    year smallint PRIMARY KEY,
    last_number integer NOT NULL
);
COMMENT ON TABLE push.brief_number IS 'The last number of C-YYYY-NNN given in a year; numbers are never used again.';

CREATE TABLE push.brief (
    brief_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    campaign_code text NOT NULL UNIQUE CONSTRAINT campaign_code_has_its_form CHECK (campaign_code ~ '^C-\d{4}-\d{3,}$'),
    status text NOT NULL DEFAULT 'idea' CONSTRAINT brief_status_is_known CHECK (
        status IN ('idea', 'texts_ready', 'audience_ready', 'approved', 'scheduled', 'sending', 'sent', 'cancelled')
    ),
    current_version integer NOT NULL DEFAULT 1,
    notes jsonb NOT NULL DEFAULT '{}',
    created_by text NOT NULL,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);
COMMENT ON TABLE push.brief IS 'One row of the campaign sheet.';
COMMENT ON COLUMN push.brief.notes IS
'What people note beside it and no approval binds: idea, goal_event, promo_start, owner, service_reason.';
CREATE INDEX brief_status_idx ON push.brief (status);

CREATE TABLE push.brief_version (
    brief_id bigint NOT NULL REFERENCES push.brief,
    version integer NOT NULL CONSTRAINT brief_version_is_positive CHECK (version > 0),
    content jsonb NOT NULL,
    content_hash text NOT NULL,
    edited_by text[] NOT NULL CONSTRAINT brief_version_has_editors CHECK (
        cardinality(edited_by) > 0 AND array_position(edited_by, NULL) IS NULL AND array_position(edited_by, '') IS NULL
    ),
    edited_at timestamptz NOT NULL,
    PRIMARY KEY (brief_id, version)
);
COMMENT ON TABLE push.brief_version IS
'Every field that changes who gets what, when and how often, as one canonical JSON and its sha256.';
COMMENT ON COLUMN push.brief_version.edited_by IS
'Everybody who wrote since the last approved version: none of them may approve this one.';
CREATE INDEX brief_version_hash_idx ON push.brief_version (content_hash);
ALTER TABLE push.brief ADD CONSTRAINT brief_current_version_exists
FOREIGN KEY (brief_id, current_version) REFERENCES push.brief_version DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE push.brief_text (
    brief_id bigint NOT NULL,
    version integer NOT NULL,
    variant smallint NOT NULL CONSTRAINT variant_is_not_negative CHECK (variant >= 0),
    language text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (brief_id, version, variant, language),
    FOREIGN KEY (brief_id, version) REFERENCES push.brief_version
);
COMMENT ON TABLE push.brief_text IS 'The texts of a version: Liquid, one row a variant (0 = A) and language.';

CREATE TABLE push.approval (
    approval_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_kind text NOT NULL CONSTRAINT approval_source_is_known CHECK (source_kind IN ('brief', 'trigger')),
    source_id bigint NOT NULL,
    version integer NOT NULL,
    content_hash text NOT NULL,
    approved_by text NOT NULL CONSTRAINT approval_has_a_name CHECK (btrim(approved_by) <> ''),
    approved_at timestamptz NOT NULL,
    reach_expected integer NOT NULL CONSTRAINT reach_is_not_negative CHECK (reach_expected >= 0),
    reach_low integer NOT NULL,
    reach_high integer NOT NULL,
    withdrawn_at timestamptz,
    withdrawn_by text,
    CONSTRAINT band_holds_expected_reach CHECK (
        reach_low BETWEEN 0 AND reach_expected AND reach_expected <= reach_high
    ),
    CONSTRAINT withdrawal_has_a_name CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
);
COMMENT ON TABLE push.approval IS
'Somebody who did not write it said: send exactly this. Only a withdrawal changes the row, once.';
CREATE UNIQUE INDEX approval_one_live_idx ON push.approval (source_kind, source_id, version) WHERE withdrawn_at IS NULL;

CREATE TABLE push.brief_history (
    history_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brief_id bigint NOT NULL REFERENCES push.brief,
    happened_at timestamptz NOT NULL,
    who text NOT NULL,
    what text NOT NULL CONSTRAINT brief_history_act_is_known CHECK (
        what IN ('created', 'edited', 'noted', 'moved', 'approved', 'withdrawn')
    ),
    version integer NOT NULL,
    changes jsonb NOT NULL DEFAULT '[]'
);
COMMENT ON TABLE push.brief_history IS 'Who changed what and when.';
COMMENT ON COLUMN push.brief_history.changes IS '[{"column": ..., "old": ..., "new": ...}, ...]';
CREATE INDEX brief_history_brief_idx ON push.brief_history (brief_id, history_id);

CREATE FUNCTION push.refuse_rewritten_brief() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are history and never change: save a new version instead.', tg_table_name;
END $$;
CREATE TRIGGER brief_version_never_changes BEFORE UPDATE OR DELETE ON push.brief_version
FOR EACH ROW EXECUTE FUNCTION push.refuse_rewritten_brief();
CREATE TRIGGER brief_text_never_changes BEFORE UPDATE OR DELETE ON push.brief_text
FOR EACH ROW EXECUTE FUNCTION push.refuse_rewritten_brief();
CREATE TRIGGER brief_history_never_changes BEFORE UPDATE OR DELETE ON push.brief_history
FOR EACH ROW EXECUTE FUNCTION push.refuse_rewritten_brief();

CREATE FUNCTION push.refuse_late_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM push.approval AS a
        WHERE a.source_kind = 'brief' AND a.source_id = new.brief_id AND a.version = new.version
    ) THEN
        RAISE EXCEPTION 'Version % is approved: its texts are frozen. Save a new version instead.', new.version
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER brief_text_is_frozen_by_approval BEFORE INSERT ON push.brief_text
FOR EACH ROW EXECUTE FUNCTION push.refuse_late_text();

CREATE FUNCTION push.refuse_changed_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF tg_op = 'DELETE' OR old.withdrawn_at IS NOT NULL OR new.withdrawn_at IS NULL
        OR to_jsonb(new) - '{withdrawn_at,withdrawn_by}'::text[] <> to_jsonb(old) - '{withdrawn_at,withdrawn_by}'::text[] THEN
        RAISE EXCEPTION 'An approval never changes: withdraw it and approve again.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER approval_only_withdraws BEFORE UPDATE OR DELETE ON push.approval
FOR EACH ROW EXECUTE FUNCTION push.refuse_changed_approval();

CREATE FUNCTION push.refuse_own_approval() RETURNS trigger LANGUAGE plpgsql AS $$
-- trigger_rule_version comes with a later migration: looked up when the trigger fires.
DECLARE
    editors text[];
    hash text;
BEGIN
    IF new.source_kind = 'brief' THEN
        SELECT v.edited_by, v.content_hash INTO editors, hash FROM push.brief_version AS v
        WHERE v.brief_id = new.source_id AND v.version = new.version;
    ELSE
        SELECT v.edited_by, v.content_hash INTO editors, hash FROM push.trigger_rule_version AS v
        WHERE v.trigger_id = new.source_id AND v.version = new.version;
    END IF;
    IF hash IS NULL THEN
        RAISE EXCEPTION 'There is no version % of % % to approve.', new.version, new.source_kind, new.source_id
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF hash <> new.content_hash THEN
        RAISE EXCEPTION 'The content changed since it was shown for approval: look at it again.' USING ERRCODE = 'check_violation';
    END IF;
    IF lower(btrim(new.approved_by)) IN (SELECT lower(btrim(e.name)) FROM unnest(editors) AS e (name)) THEN
        RAISE EXCEPTION '% wrote this version and may not approve it: ask somebody else.', new.approved_by
            USING ERRCODE = 'check_violation', CONSTRAINT = 'approval_needs_four_eyes';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER approval_needs_four_eyes AFTER INSERT ON push.approval
NOT DEFERRABLE FOR EACH ROW EXECUTE FUNCTION push.refuse_own_approval();
