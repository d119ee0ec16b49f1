-- caps_exceeded: users who got more pushes in a window than a cap rule or the minimum gap allows, counted anew over the batches themselves.
-- params: now timestamptz
-- returns: many (key text, detail text)
-- writes: nothing
-- severity: fail
-- remedy: pause marketing (pushline queue pause --lane marketing) and see with `pushline why USER` which runs shared the slot.
-- why: written apart from the planner and in another way: the N-th push back must be at least a window ago. Exact for rolling rules, minimum gap and
--   calendar_project, reserves included. "Over" is judged per decision, so only pushes decided under the same policy are held against its rules,
--   on planned times, and only while they hold their slots. Does not judge: calendar_user (the zone at the decision is not kept), a user's own
--   limit (its history is not kept), cool-downs, windows that ended more than three days ago, and batches without a policy on their mark.
--   Rows are kept narrow, and each rule looks back by its own window: millions of pushes are sorted here.
WITH rule AS MATERIALIZED (
    SELECT
        (row_number() OVER ())::smallint AS rule_key,
        w.*
    FROM (
        SELECT
            c.policy_id,
            c.title,
            c.class,
            c.tag,
            c.window_kind,
            make_interval(secs => extract(EPOCH FROM c.window_length)::float8) AS window_length,
            c.calendar_unit,
            c.week_start,
            c.maximum::integer AS maximum
        FROM push.cap_rule AS c
        WHERE c.window_kind <> 'calendar_user'
        UNION ALL
        SELECT
            c.policy_id,
            c.title || ', marketing without the reserve',
            'marketing',
            c.tag,
            c.window_kind,
            make_interval(secs => extract(EPOCH FROM c.window_length)::float8),
            c.calendar_unit,
            c.week_start,
            c.maximum - c.reserve
        FROM push.cap_rule AS c
        WHERE c.window_kind <> 'calendar_user' AND c.reserve > 0 AND (c.class IS NULL OR c.class = 'marketing')
        UNION ALL
        SELECT
            p.policy_id,
            'minimum gap',
            NULL,
            NULL,
            'rolling',
            make_interval(secs => extract(EPOCH FROM p.minimum_gap)::float8),
            NULL,
            1::smallint,
            1
        FROM push.policy AS p
        WHERE p.minimum_gap IS NOT NULL
    ) AS w
),

counted AS (
    SELECT
        r.rule_key,
        r.maximum,
        w.starts_at,
        b.not_before,
        unnest(b.users) AS user_id
    FROM push.send_batch AS b
    INNER JOIN push.run_bucket AS m
        ON b.run_id = m.run_id AND b.bucket = m.bucket
    INNER JOIN rule AS r
        ON m.policy_id = r.policy_id
        AND (r.class IS NULL OR b.class = r.class)
        AND (r.tag IS NULL OR r.tag = ANY(b.tags))
    CROSS JOIN push.setting AS s
    LEFT JOIN LATERAL push.window_of(b.not_before, r.window_kind, NULL, r.calendar_unit, r.week_start, s.project_zone) AS w
        ON r.window_kind = 'calendar_project'
    WHERE b.is_counted
        AND b.holds_slots
        AND b.not_before > CAST(:now AS timestamptz) - interval '3 days' - coalesce(r.window_length, interval '32 days')
        AND (w.ends_at IS NULL OR w.ends_at > CAST(:now AS timestamptz) - interval '3 days')
),

measured AS (
    SELECT
        c.rule_key,
        c.user_id,
        c.not_before,
        lag(c.not_before, c.maximum) OVER (PARTITION BY c.rule_key, c.starts_at, c.user_id ORDER BY c.not_before) AS too_early
    FROM counted AS c
    WHERE c.user_id <> 0
)

SELECT
    format('user %s', v.user_id) AS key,
    format(
        'cap ''%s'': more than %s in the window that ends %s UTC', r.title, r.maximum,
        to_char(v.not_before AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')
    ) AS detail
FROM measured AS v
INNER JOIN rule AS r
    ON v.rule_key = r.rule_key
WHERE v.not_before > CAST(:now AS timestamptz) - interval '3 days'
    AND v.too_early IS NOT NULL
    AND (r.window_length IS NULL OR v.too_early > v.not_before - r.window_length)
ORDER BY v.user_id, v.not_before, r.rule_key
