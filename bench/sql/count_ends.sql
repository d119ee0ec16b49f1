SELECT
    (SELECT count(*) FROM push.outcome AS o WHERE o.batch_id / 16777216 = :run_id) AS outcomes,
    sum(b.state_counts[3]) AS accepted,
    sum(b.state_counts[4]) AS rejected,
    sum(b.user_count) - sum(b.state_counts[3] + b.state_counts[4]) AS others
FROM push.send_batch AS b
WHERE b.run_id = :run_id AND b.status = 'done'
