-- Users that a run was asked for, and those it has decided, from the queue and the reasons themselves.
SELECT
    (SELECT sum(cardinality(users)) FROM push.audience_block WHERE run_id = :run_id) AS audience,
    (SELECT sum(user_count) FROM push.send_batch WHERE run_id = :run_id)
    + (SELECT sum(user_count) FROM push.decision_block WHERE run_id = :run_id) AS decided
