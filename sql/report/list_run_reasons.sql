-- list_run_reasons: how many users of some runs each reason left out, in the fixed order of judging, caps by the title of their rule.
-- params: run_ids bigint[]
-- returns: many (run_id bigint, reason smallint, code text, rule_title text, users bigint)
-- writes: nothing
-- why: the rule is the one of the policy that decided the bucket: the same number may mean another rule later.
SELECT
    d.run_id,
    d.reason,
    n.code,
    coalesce(c.title, '') AS rule_title,
    sum(d.user_count)::bigint AS users
FROM push.decision_block AS d
INNER JOIN push.reason AS n
    ON d.reason = n.reason
LEFT JOIN push.run_bucket AS k
    ON d.run_id = k.run_id AND d.bucket = k.bucket
LEFT JOIN push.cap_rule AS c
    ON k.policy_id = c.policy_id AND d.rule_no = c.rule_no
WHERE d.run_id = ANY(CAST(:run_ids AS bigint[]))
GROUP BY d.run_id, d.reason, n.code, coalesce(c.title, '')
ORDER BY d.run_id, d.reason, rule_title
