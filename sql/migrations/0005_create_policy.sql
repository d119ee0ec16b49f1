-- Policy: how many, when and to whom. A change is a new policy; rows are never changed, so history explains old decisions.
CREATE TABLE push.policy (
    policy_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    valid_from timestamptz NOT NULL,
    made_by text NOT NULL,
    note text NOT NULL DEFAULT '',
    quiet_from time,
    quiet_until time,
    minimum_gap interval CONSTRAINT minimum_gap_is_positive CHECK (minimum_gap > '0'),
    CONSTRAINT quiet_hours_have_both_ends CHECK ((quiet_from IS NULL) = (quiet_until IS NULL)),
    CONSTRAINT quiet_hours_are_not_empty CHECK (quiet_from <> quiet_until),
    CONSTRAINT policy_valid_from_is_unique UNIQUE (valid_from)
);
COMMENT ON TABLE push.policy IS 'The policy in force at a moment is the one with the latest valid_from not after it.';
COMMENT ON COLUMN push.policy.quiet_from IS 'Quiet hours [from, until) on the user''s own clock; they may pass midnight.';
COMMENT ON COLUMN push.policy.minimum_gap IS 'Between any two counted pushes of a user.';

CREATE TABLE push.cap_rule (
    policy_id integer NOT NULL REFERENCES push.policy,
    rule_no smallint NOT NULL CONSTRAINT rule_no_is_one_to_eight CHECK (rule_no BETWEEN 1 AND 8),
    title text NOT NULL,
    class push.class CONSTRAINT rule_never_counts_transactional CHECK (class <> 'transactional'),
    tag text,
    window_kind text NOT NULL CONSTRAINT window_kind_is_known
        CHECK (window_kind IN ('rolling', 'calendar_user', 'calendar_project')),
    window_length interval CONSTRAINT window_length_is_positive CHECK (window_length > '0'),
    calendar_unit text CONSTRAINT calendar_unit_is_known CHECK (calendar_unit IN ('day', 'week', 'month')),
    week_start smallint NOT NULL DEFAULT 1 CONSTRAINT week_start_is_iso_day CHECK (week_start BETWEEN 1 AND 7),
    maximum smallint NOT NULL CONSTRAINT maximum_is_sensible CHECK (maximum BETWEEN 0 AND 1000),
    reserve smallint NOT NULL DEFAULT 0 CONSTRAINT reserve_is_part_of_maximum CHECK (reserve BETWEEN 0 AND maximum),
    PRIMARY KEY (policy_id, rule_no),
    CONSTRAINT window_fits_its_kind CHECK (
        (window_kind = 'rolling' AND window_length IS NOT NULL AND calendar_unit IS NULL)
        OR (window_kind <> 'rolling' AND window_length IS NULL AND calendar_unit IS NOT NULL)
    )
);
COMMENT ON TABLE push.cap_rule IS 'At most `maximum` counted pushes per user and window; all rules must pass.';
COMMENT ON COLUMN push.cap_rule.class IS 'Counts and limits only this class; null = all counted classes.';
COMMENT ON COLUMN push.cap_rule.tag IS 'Counts and limits only pushes with this tag; null = any.';
COMMENT ON COLUMN push.cap_rule.reserve IS 'Slots that marketing leaves to the trigger lane.';
COMMENT ON COLUMN push.cap_rule.week_start IS 'ISO day: 1 = Monday.';

CREATE FUNCTION push.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are history and never change: add a new one instead.', tg_table_name;
END $$;
CREATE TRIGGER policy_never_changes BEFORE UPDATE OR DELETE ON push.policy
FOR EACH ROW EXECUTE FUNCTION push.refuse_change();
CREATE TRIGGER cap_rule_never_changes BEFORE UPDATE OR DELETE ON push.cap_rule
FOR EACH ROW EXECUTE FUNCTION push.refuse_change();

CREATE FUNCTION push.refuse_long_window() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    needed interval;
    setting push.setting;
BEGIN
    SELECT s.* INTO setting FROM push.setting AS s;
    needed := coalesce(
        new.window_length,
        CASE new.calendar_unit WHEN 'day' THEN interval '1 day' WHEN 'week' THEN interval '7 days' ELSE interval '31 days' END
    ) + setting.longest_deferral + interval '2 days';
    IF justify_hours(needed) > justify_hours(setting.batch_retention) THEN
        RAISE EXCEPTION 'Cap rule "%" looks back longer than batches are kept: it needs % (window + longest deferral + 2 days), batches are kept %. Shorten the window or raise push.setting.batch_retention first.',
            new.title, needed, setting.batch_retention USING ERRCODE = 'check_violation';
    END IF;
    RETURN new;
END $$;
CREATE TRIGGER cap_rule_fits_retention BEFORE INSERT ON push.cap_rule
FOR EACH ROW EXECUTE FUNCTION push.refuse_long_window();
