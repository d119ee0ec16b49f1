-- The page "Campaigns" gets a role of its own. It reads what it shows, writes briefs, rows of the sheet, approvals of briefs, requests to count
-- a reach and the memory of the sync with Google; it stops what leaves by functions (push.cancel_runs, close_bucket, close_run, wait_for_begins,
-- pause, resume: granted beside each). It never plans, decides or sends.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'pushline_page') THEN
        CREATE ROLE pushline_page LOGIN;
    END IF;
END $$;

GRANT USAGE ON SCHEMA push, mart TO pushline_page;

-- Briefs and the sheet. Versions, texts, history and changes are only ever added; an approval is only ever withdrawn.
GRANT SELECT, INSERT ON
push.brief, push.brief_version, push.brief_text, push.brief_history, push.brief_number, push.approval, push.sheet_row, push.sheet_change
TO pushline_page;
GRANT UPDATE (last_number) ON push.brief_number TO pushline_page;
GRANT UPDATE (status, current_version, notes, changed_at) ON push.brief TO pushline_page;
GRANT UPDATE (withdrawn_at, withdrawn_by) ON push.approval TO pushline_page;
GRANT UPDATE ON push.sheet_row TO pushline_page;
GRANT SELECT, UPDATE (revision) ON push.sheet_clock TO pushline_page;
GRANT SELECT, INSERT, UPDATE ON push.google_sheet, push.google_row, push.reach_estimate TO pushline_page;

-- What decides and what is shown: rules, dictionaries, runs and their numbers.
GRANT SELECT ON
push.setting, push.zone, push.language, push.reason, push.policy, push.cap_rule, push.wave, push.run, push.run_bucket, push.run_total, push.pause,
push.outcome
TO pushline_page;
GRANT SELECT (run_id, bucket, reason, rule_no, user_count) ON push.decision_block TO pushline_page;
GRANT SELECT (run_day, batch_id, position, kind) ON push.receipt TO pushline_page;
-- Of people only the narrow row that decisions are made of, and who holds which slot: no addresses, no consents' history, no events.
GRANT SELECT ON push.recipient TO pushline_page;
GRANT SELECT (
    run_day, batch_id, run_id, bucket, variant, lane, class, tags, is_counted, holds_slots, status, not_before, leave_by, done_at, user_count, users,
    states, state_counts
) ON push.send_batch TO pushline_page;

-- A reach is counted on a run and a snapshot that are rolled back. The rights that this takes are worth nothing beyond the transaction: whatever
-- the page writes there makes its commit fail.
GRANT INSERT, UPDATE (snapshot_at, audience_rows, audience_users) ON push.run TO pushline_page;
GRANT INSERT ON push.run_text TO pushline_page;
GRANT SELECT, INSERT, UPDATE (users, excluded, over_max) ON push.audience_block TO pushline_page;
CREATE FUNCTION push.refuse_kept_trial() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The campaigns page may try a run, never keep one: rows of % would stay.', tg_table_name
        USING ERRCODE = 'insufficient_privilege', HINT = 'Roll the transaction back.';
END $$;
-- The condition is looked at when the row is written, the function runs at the commit.
CREATE CONSTRAINT TRIGGER page_keeps_no_run AFTER INSERT OR UPDATE ON push.run
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (current_user = 'pushline_page') EXECUTE FUNCTION push.refuse_kept_trial();
CREATE CONSTRAINT TRIGGER page_keeps_no_run_text AFTER INSERT OR UPDATE ON push.run_text
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (current_user = 'pushline_page') EXECUTE FUNCTION push.refuse_kept_trial();
CREATE CONSTRAINT TRIGGER page_keeps_no_audience AFTER INSERT OR UPDATE ON push.audience_block
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (current_user = 'pushline_page') EXECUTE FUNCTION push.refuse_kept_trial();

-- The snapshot's statements name the personal fields beside the ids. A trial has none, and those of real runs stay out of the page's sight.
GRANT SELECT, UPDATE (fields) ON push.audience_field TO pushline_page;
ALTER TABLE push.audience_field ENABLE ROW LEVEL SECURITY;
CREATE POLICY fields_are_the_planners ON push.audience_field TO pushline_planner USING (true) WITH CHECK (true);

-- Triggers are approved in a shell, by the data team.
CREATE FUNCTION push.refuse_approval_of_page() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The campaigns page approves briefs, nothing else.' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER page_approves_briefs_only BEFORE INSERT OR UPDATE ON push.approval
FOR EACH ROW WHEN (current_user = 'pushline_page' AND new.source_kind <> 'brief') EXECUTE FUNCTION push.refuse_approval_of_page();

-- How its sessions behave: as the planner's, for they decide too. And the right to end a session of the audience role, as the planner has it.
DO $$
DECLARE
    statement text;
BEGIN
    FOREACH statement IN ARRAY ARRAY[
        'GRANT pushline_audience TO pushline_page',
        'ALTER ROLE pushline_page SET plan_cache_mode = force_custom_plan',
        'ALTER ROLE pushline_page SET jit = off',
        'ALTER ROLE pushline_page SET timezone = ''UTC''',
        'ALTER ROLE pushline_page SET idle_in_transaction_session_timeout = ''5min''',
        'ALTER ROLE pushline_page SET statement_timeout = ''5min''',
        -- Where the page has no login of its own yet, it logs in as the owner and steps down to this role.
        format('GRANT pushline_page TO %I', current_user)
    ] LOOP
        BEGIN
            EXECUTE statement;
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE NOTICE 'not allowed here, ask an administrator to run: %', statement;
        END;
    END LOOP;
END $$;
