-- keep_totals: writes down the funnels of runs whose numbers are final or nearly so, to outlive their rows.
-- params: now timestamptz
-- returns: none
-- writes: run_total
-- why: late outcomes may come for two days after expires_at; counted again until then, never after rows were dropped.
INSERT INTO push.run_total (run_id, counted_at, audience_users, not_planned_yet, enqueued, reasons, ends, came_back)
SELECT
    r.run_id,
    CAST(:now AS timestamptz),
    u.audience_users,
    u.undone_users,
    u.enqueued,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object('code', g.code, 'rule_title', g.rule_title, 'users', g.users) ORDER BY g.reason, g.rule_title)
        FROM (
            SELECT
                d.reason,
                n.code,
                coalesce(c.title, '') AS rule_title,
                sum(d.user_count) AS users
            FROM push.decision_block AS d
            INNER JOIN push.reason AS n
                ON d.reason = n.reason
            LEFT JOIN push.run_bucket AS k
                ON d.run_id = k.run_id AND d.bucket = k.bucket
            LEFT JOIN push.cap_rule AS c
                ON k.policy_id = c.policy_id AND d.rule_no = c.rule_no
            WHERE d.run_id = r.run_id
            GROUP BY d.reason, n.code, coalesce(c.title, '')
        ) AS g
    ), '[]'),
    jsonb_build_object(
        'waiting', u.waiting, 'claimed', u.claimed, 'accepted', u.accepted, 'rejected', u.rejected,
        'unknown', u.unknown, 'withheld', u.withheld, 'expired', u.expired, 'cancelled', u.cancelled
    ),
    coalesce((
        SELECT
            jsonb_agg(jsonb_build_object(
                'variant', g.variant, 'pushes', g.pushes, 'accepted', g.accepted, 'delivered', g.delivered,
                'opened', g.opened, 'unsubscribed', g.unsubscribed, 'converted', g.converted
            ) ORDER BY g.variant)
        FROM (
            SELECT
                p.variant,
                sum(p.pushes) AS pushes,
                sum(p.accepted) AS accepted,
                sum(p.delivered) AS delivered,
                sum(p.opened) AS opened,
                sum(p.unsubscribed) AS unsubscribed,
                sum(p.converted) AS converted
            FROM mart.fact_push AS p
            WHERE p.run_day = r.run_day AND p.run_id = r.run_id
            GROUP BY p.variant
        ) AS g
    ), '[]')
FROM push.run AS r
LEFT JOIN push.run_total AS t
    ON r.run_id = t.run_id
CROSS JOIN LATERAL (SELECT v.* FROM push.run_sum AS v WHERE v.run_id = r.run_id) AS u
WHERE r.expires_at <= CAST(:now AS timestamptz)
    AND (r.status NOT IN ('waiting', 'held', 'planning') OR r.expires_at <= CAST(:now AS timestamptz) - interval '7 days')
    AND (t.run_id IS NULL OR t.counted_at <= r.expires_at + interval '2 days')
    AND NOT u.is_dropped
ON CONFLICT (run_id) DO UPDATE
SET
    counted_at = excluded.counted_at,
    audience_users = excluded.audience_users,
    not_planned_yet = excluded.not_planned_yet,
    enqueued = excluded.enqueued,
    reasons = excluded.reasons,
    ends = excluded.ends,
    came_back = excluded.came_back
