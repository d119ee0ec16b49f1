SELECT 0 AS reason, 0 AS rule_no, coalesce(sum(b.user_count), 0) AS users
FROM push.send_batch AS b
WHERE b.run_id = :run_id
UNION ALL
SELECT d.reason, d.rule_no, sum(d.user_count)
FROM push.decision_block AS d
WHERE d.run_id = :run_id
GROUP BY d.reason, d.rule_no
