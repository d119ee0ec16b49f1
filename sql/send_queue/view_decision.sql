-- view_decision: one row a (run, user) that was decided: enqueued, or exactly one reason why not.
-- params: none
-- returns: many (run_id bigint, user_id bigint, bucket smallint, decision text, sentence text, rule_no smallint,
--   push_id uuid, batch_id bigint, variant smallint, language text, not_before timestamptz)
-- writes: nothing
-- why: filter by run_id, or by bucket (push.bucket_of(user)) together with user_id.
CREATE OR REPLACE VIEW push.decision AS
SELECT
    b.run_id,
    nullif(u.user_id, 0) AS user_id,
    b.bucket,
    'enqueued' AS decision,
    'got a push enqueued' AS sentence,
    0::smallint AS rule_no,
    push.push_id(b.run_id, nullif(u.user_id, 0)) AS push_id,
    b.batch_id,
    b.variant,
    b.language,
    b.not_before
FROM push.send_batch AS b
CROSS JOIN LATERAL unnest(b.users) AS u (user_id)
UNION ALL
SELECT
    d.run_id,
    nullif(u.user_id, 0),
    d.bucket,
    r.code,
    r.sentence,
    d.rule_no,
    NULL,
    NULL,
    NULL,
    NULL,
    NULL
FROM push.decision_block AS d
INNER JOIN push.reason AS r ON r.reason = d.reason
CROSS JOIN LATERAL unnest(d.users) AS u (user_id);
COMMENT ON VIEW push.decision IS 'One row a user that a run decided: enqueued, or the one reason why not.';
GRANT SELECT ON push.decision TO pushline_planner, pushline_bi;
