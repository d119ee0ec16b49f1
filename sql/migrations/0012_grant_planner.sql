-- What planning, reports, the people's sync and housekeeping need, and no more: no DDL, no approvals, no change of policy or history.
GRANT USAGE ON SCHEMA push TO pushline_planner;

GRANT SELECT ON
push.setting, push.bucket_lock, push.zone, push.language,
push.person, push.consent, push.installation, push.quarantine, push.sync_state, push.control_group, push.control_member, push.recipient,
push.brief, push.brief_version, push.brief_text, push.brief_history, push.approval,
push.trigger_rule, push.trigger_rule_version, push.policy, push.cap_rule,
push.wave, push.run, push.run_text, push.audience_block, push.audience_field, push.reason, push.run_bucket, push.decision_block,
push.set_aside, push.offer, push.send_batch, push.run_throttle, push.batch_field, push.outcome, push.receipt, push.pause, push.event,
push.run_total, push.check_result, push.audit_log
TO pushline_planner;

-- Planning: waves, runs, snapshots, decisions, batches. Of a brief only its status follows the runs.
GRANT INSERT, UPDATE ON push.wave, push.send_batch, push.decision_block TO pushline_planner;
GRANT INSERT, UPDATE, DELETE ON push.run, push.run_text, push.audience_block, push.audience_field, push.set_aside TO pushline_planner;
GRANT INSERT ON push.run_bucket, push.audit_log TO pushline_planner;
GRANT INSERT, UPDATE, DELETE ON push.batch_field TO pushline_planner;
GRANT UPDATE ON push.bucket_lock TO pushline_planner;
GRANT UPDATE (status, changed_at) ON push.brief TO pushline_planner;
GRANT UPDATE (is_used) ON push.zone TO pushline_planner;

-- Checks and totals keep what they read; housekeeping lets old rows go.
GRANT INSERT, UPDATE ON push.run_total TO pushline_planner;
GRANT INSERT, DELETE ON push.check_result TO pushline_planner;
GRANT DELETE ON push.decision_block TO pushline_planner;

-- How each role's sessions behave. Without the right to alter roles the notice says what an administrator should run.
DO $$
DECLARE
    wanted record;
    statement text;
BEGIN
    FOR wanted IN
        SELECT *
        FROM (VALUES
            -- The deciding statement has constant flags: a generic plan could not drop the branches that a pass does not need.
            ('pushline_planner', 'plan_cache_mode', 'force_custom_plan'),
            ('pushline_planner', 'jit', 'off'),
            ('pushline_planner', 'timezone', 'UTC'),
            ('pushline_planner', 'idle_in_transaction_session_timeout', '5min'),
            ('pushline_planner', 'statement_timeout', '30min'),
            ('pushline_sender', 'timezone', 'UTC'),
            ('pushline_sender', 'idle_in_transaction_session_timeout', '1min'),
            ('pushline_sender', 'statement_timeout', '1min'),
            ('pushline_producer', 'timezone', 'UTC'),
            ('pushline_producer', 'idle_in_transaction_session_timeout', '1min'),
            ('pushline_producer', 'statement_timeout', '5min'),
            ('pushline_bi', 'timezone', 'UTC'),
            ('pushline_bi', 'default_transaction_read_only', 'on'),
            ('pushline_bi', 'idle_in_transaction_session_timeout', '5min'),
            ('pushline_bi', 'statement_timeout', '15min')
        ) AS w (role_name, setting, value)
    LOOP
        statement := format('ALTER ROLE %I SET %I = %L', wanted.role_name, wanted.setting, wanted.value);
        BEGIN
            EXECUTE statement;
        EXCEPTION WHEN insufficient_privilege THEN
            RAISE NOTICE 'not allowed here, ask an administrator to run: %', statement;
        END;
    END LOOP;
END $$;
