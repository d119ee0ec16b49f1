-- view_fact_decision: users of an audience who got nothing, by run and reason, caps by the title of their rule.
-- params: none
-- returns: none
-- writes: nothing
CREATE OR REPLACE VIEW mart.fact_decision AS
SELECT
    d.run_id,
    r.run_day,
    d.reason,
    coalesce(c.title, '') AS cap_rule,
    sum(d.user_count) AS users
FROM push.decision_block AS d
INNER JOIN push.run AS r
    ON d.run_id = r.run_id
LEFT JOIN push.run_bucket AS k
    ON d.run_id = k.run_id AND d.bucket = k.bucket
LEFT JOIN push.cap_rule AS c
    ON k.policy_id = c.policy_id AND d.rule_no = c.rule_no
GROUP BY d.run_id, r.run_day, d.reason, coalesce(c.title, '');
COMMENT ON VIEW mart.fact_decision IS 'Users left out, by run and reason.';
COMMENT ON COLUMN mart.fact_decision.run_id IS 'Joins dim_run.';
COMMENT ON COLUMN mart.fact_decision.run_day IS 'Day of the occasion in UTC; joins dim_day.';
COMMENT ON COLUMN mart.fact_decision.reason IS 'Joins dim_reason.';
COMMENT ON COLUMN mart.fact_decision.cap_rule IS 'Title of the cap rule when the reason is a cap, else empty.';
COMMENT ON COLUMN mart.fact_decision.users IS 'How many users this reason left out.';
GRANT SELECT ON mart.fact_decision TO pushline_bi, pushline_planner;
