-- The audience role reads the company's schemas and does nothing else. Its rights are the wall; the parser in front and the limits
-- that each session gets (plugins/pushline/audience/reader.py) come on top. What only a superuser may take away from everybody
-- (advisory locks, set_config, pg_notify ...) is done by push.contain_audience_reader(); `pushline doctor` says when it was not.
ALTER ROLE pushline_audience CONNECTION LIMIT 8;
ALTER ROLE pushline_audience SET default_transaction_read_only = on;
ALTER ROLE pushline_audience SET statement_timeout = '15min';
ALTER ROLE pushline_audience SET lock_timeout = '5s';
ALTER ROLE pushline_audience SET idle_in_transaction_session_timeout = '1min';
ALTER ROLE pushline_audience SET client_connection_check_interval = '10s';

-- The planner's watchdog ends sessions of the audience role; being a member is the right to do so, and to no other session.
GRANT pushline_audience TO pushline_planner;

DO $$
BEGIN
    -- Only a superuser may set it, so that the role cannot raise it.
    ALTER ROLE pushline_audience SET temp_file_limit = '4GB';
EXCEPTION WHEN insufficient_privilege THEN
    RAISE NOTICE 'temp_file_limit of pushline_audience is not set: ask a superuser for ALTER ROLE pushline_audience SET temp_file_limit = ''4GB''';
END $$;

GRANT USAGE ON SCHEMA push TO pushline_planner;
GRANT SELECT, INSERT, UPDATE ON push.person, push.installation, push.recipient, push.sync_state TO pushline_planner;
GRANT SELECT, INSERT ON push.consent, push.language TO pushline_planner;
GRANT SELECT, INSERT, UPDATE ON push.quarantine TO pushline_planner;
GRANT SELECT, INSERT, UPDATE, DELETE ON push.control_member TO pushline_planner;
GRANT SELECT ON push.control_group, push.zone, push.setting TO pushline_planner;
GRANT SELECT, INSERT, UPDATE ON push.audience_block, push.audience_field TO pushline_planner;
GRANT SELECT, UPDATE ON push.send_batch, push.batch_field, push.decision_block, push.run, push.bucket_lock TO pushline_planner;
GRANT SELECT, DELETE ON push.event TO pushline_planner;
