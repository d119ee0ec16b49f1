-- Users that one side decided otherwise than the other: another variant or language, not every device, another reason or rule.
WITH ours AS (
    SELECT
        u.user_id,
        b.variant,
        b.language,
        (SELECT count(*) FROM push.installation AS i WHERE i.user_id = u.user_id AND i.is_active) AS devices,
        'enqueued' AS decision,
        0 AS rule_no
    FROM push.send_batch AS b
    CROSS JOIN LATERAL unnest(b.users) AS u (user_id)
    WHERE b.run_id = :run_id
    UNION ALL
    SELECT
        u.user_id,
        0,
        '',
        0,
        r.code,
        d.rule_no
    FROM push.decision_block AS d
    INNER JOIN push.reason AS r ON d.reason = r.reason
    CROSS JOIN LATERAL unnest(d.users) AS u (user_id)
    WHERE d.run_id = :run_id
),

theirs AS (
    SELECT
        user_id,
        min(variant) AS variant,
        min(language) AS language,
        count(*) AS devices,
        'enqueued' AS decision,
        0 AS rule_no,
        sum(pg_column_size(q.*)) AS bytes
    FROM rival.queue AS q
    WHERE run_id = :run_id
    GROUP BY user_id
    UNION ALL
    SELECT
        user_id,
        0,
        '',
        0,
        reason,
        rule_no,
        0
    FROM rival.decision
    WHERE run_id = :run_id
)

SELECT
    count(o.user_id) AS ours,
    count(t.user_id) AS theirs,
    count(*) FILTER (
        WHERE (o.user_id, o.variant, o.language, o.devices, o.decision, o.rule_no)
        IS DISTINCT FROM (t.user_id, t.variant, t.language, t.devices, t.decision, t.rule_no)
    ) AS different,
    sum(t.devices)::bigint AS pushes,
    (SELECT count(*) FROM rival.send_log WHERE run_id = :run_id) AS logged,
    count(*) FILTER (WHERE o.decision = 'enqueued') AS enqueued,
    (sum(t.bytes) / sum(t.devices))::float8 AS bytes
FROM ours AS o
FULL JOIN theirs AS t ON o.user_id = t.user_id
