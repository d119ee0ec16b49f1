-- Who may touch the send queue's tables. Takers and producers get functions only (granted beside each function); the
--   planner writes.
GRANT USAGE ON SCHEMA push TO pushline_planner, pushline_sender, pushline_producer, pushline_bi;

GRANT SELECT, INSERT, UPDATE ON push.send_batch TO pushline_planner;
GRANT SELECT, INSERT, DELETE ON push.batch_field TO pushline_planner;
GRANT SELECT, INSERT ON push.run_bucket, push.decision_block TO pushline_planner;
GRANT SELECT, UPDATE ON push.run, push.bucket_lock TO pushline_planner;
GRANT SELECT ON push.audience_block, push.reason, push.outcome, push.receipt, push.pause, push.offer, push.run_throttle, push.setting
TO pushline_planner;
GRANT INSERT ON push.audit_log TO pushline_planner;

-- What came back for a push is told by whoever talks to the provider.
GRANT INSERT ON push.receipt TO pushline_sender;
