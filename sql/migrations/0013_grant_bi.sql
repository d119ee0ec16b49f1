-- What BI may read: numbers and dictionaries, nobody's addresses, texts' fields or decisions by name. The star schema lives in `mart`.
CREATE SCHEMA mart;
COMMENT ON SCHEMA mart IS 'Star schema for BI: campaigns, days, pushes and decisions as numbers. Views only; safe to read at any time.';
GRANT USAGE ON SCHEMA push, mart TO pushline_bi;
GRANT USAGE ON SCHEMA mart TO pushline_planner;
ALTER DEFAULT PRIVILEGES IN SCHEMA mart GRANT SELECT ON TABLES TO pushline_bi, pushline_planner;
GRANT SELECT ON
push.setting, push.policy, push.cap_rule, push.reason, push.wave, push.run, push.run_bucket, push.run_total, push.check_result
TO pushline_bi;
