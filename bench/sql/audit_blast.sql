-- The blast decided anew by plain joins over unnested batches: users whose decision differs from it. Knows the demo's policy only.
WITH sent AS (
    SELECT
        u.user_id,
        b.not_before,
        b.class,
        b.tags
    FROM push.send_batch AS b
    CROSS JOIN LATERAL unnest(b.users) AS u (user_id)
    WHERE b.run_id <> :run_id AND b.is_counted AND b.holds_slots AND b.not_before > :at - interval '720 hours'
),

counted AS (
    SELECT
        user_id,
        count(*) FILTER (WHERE not_before > :at - interval '2 hours') AS gap,
        count(*) FILTER (WHERE not_before > :at - interval '168 hours') AS week,
        count(*) FILTER (WHERE not_before > :at - interval '168 hours' AND class = 'marketing') AS week_marketing,
        count(*) FILTER (WHERE not_before > :at - interval '720 hours') AS month,
        count(*) FILTER (WHERE (not_before AT TIME ZONE 'Asia/Almaty')::date = (:at AT TIME ZONE 'Asia/Almaty')::date) AS day
    FROM sent
    GROUP BY user_id
),

audience AS (
    SELECT DISTINCT u.user_id
    FROM push.audience_block AS a
    CROSS JOIN LATERAL unnest(a.users) AS u (user_id)
    WHERE a.run_id = :run_id
),

reachable AS (
    SELECT DISTINCT user_id FROM push.installation WHERE is_active AND user_id IS NOT NULL
),

agreed AS (
    SELECT DISTINCT ON (user_id)
        user_id,
        is_granted
    FROM push.consent
    WHERE purpose = 'marketing' AND changed_at <= :at
    ORDER BY user_id, changed_at DESC
),

held_out AS (
    SELECT DISTINCT user_id FROM push.control_member WHERE member_until IS NULL
),

zone_names AS MATERIALIZED (
    SELECT name FROM pg_catalog.pg_timezone_names
),

person_now AS (
    SELECT
        p.user_id,
        p.is_erased,
        p.weekly_limit,
        coalesce(z.name, 'Asia/Almaty') AS zone,
        r.user_id IS NOT NULL AS is_reachable,
        coalesce(g.is_granted, false) AS agrees,
        h.user_id IS NOT NULL AS is_control
    FROM push.person AS p
    LEFT JOIN zone_names AS z ON p.zone = z.name
    LEFT JOIN reachable AS r ON p.user_id = r.user_id
    LEFT JOIN agreed AS g ON p.user_id = g.user_id
    LEFT JOIN held_out AS h ON p.user_id = h.user_id
),

expected AS (
    SELECT
        a.user_id,
        CASE
            WHEN p.user_id IS NULL THEN 'unknown_user'
            WHEN p.is_erased THEN 'erased'
            WHEN NOT p.agrees THEN 'no_consent'
            WHEN NOT p.is_reachable THEN 'unreachable'
            WHEN p.is_control THEN 'control_global'
            WHEN (:at AT TIME ZONE p.zone)::time >= '23:00' OR (:at AT TIME ZONE p.zone)::time < '08:00' THEN 'quiet_hours'
            WHEN coalesce(c.gap, 0) > 0 THEN 'minimum_gap'
            WHEN coalesce(c.week, 0) >= p.weekly_limit THEN 'own_limit'
            WHEN coalesce(c.day, 0) >= 3 OR coalesce(c.week, 0) >= 6 OR (m.class = 'marketing' AND coalesce(c.week_marketing, 0) >= 4) OR
                 coalesce(c.month, 0) >= 18
                THEN 'capped'
            WHEN push.is_in_campaign_control(a.user_id, 42, 500) THEN 'control_campaign'
            ELSE 'enqueued'
        END AS decision
    FROM audience AS a
    INNER JOIN push.run AS m ON m.run_id = :run_id
    LEFT JOIN person_now AS p ON a.user_id = p.user_id
    LEFT JOIN counted AS c ON a.user_id = c.user_id
),

found AS (
    SELECT u.user_id, 'enqueued' AS decision
    FROM push.send_batch AS b
    CROSS JOIN LATERAL unnest(b.users) AS u (user_id)
    WHERE b.run_id = :run_id
    UNION ALL
    SELECT u.user_id, r.code
    FROM push.decision_block AS d
    INNER JOIN push.reason AS r ON d.reason = r.reason
    CROSS JOIN LATERAL unnest(d.users) AS u (user_id)
    WHERE d.run_id = :run_id
)

SELECT
    (SELECT count(*) FROM audience) AS audience,
    count(*) FILTER (WHERE e.user_id IS NULL OR f.user_id IS NULL OR e.decision <> f.decision) AS different,
    count(*) FILTER (WHERE f.decision = 'enqueued') AS enqueued
FROM expected AS e
FULL JOIN found AS f ON e.user_id = f.user_id
