-- list_slot_takers: the pushes to one user that took the slots of a cap rule, gap, own limit or cool-down when a run was decided.
-- params: user_id bigint, run_id bigint, reason smallint, rule_no smallint
-- returns: many (run_id bigint, title text, not_before timestamptz, state text)
-- writes: nothing
-- why: what was committed before the decision and held its slot then, within a window's length around the run's planned moment
--   (both sides for rolling windows, for pushes planned later count too); the moment itself is not kept, so it is worked out again.
WITH decided AS (
    SELECT
        r.run_id,
        r.class,
        r.tags,
        k.planned_at,
        r.source_kind || ':' || r.source_id AS source_tag,
        make_interval(secs => extract(EPOCH FROM r.cool_down)::float8) AS cool_down,
        make_interval(secs => extract(EPOCH FROM p.minimum_gap)::float8) AS minimum_gap,
        c.class AS rule_class,
        c.tag AS rule_tag,
        c.window_kind,
        make_interval(secs => extract(EPOCH FROM c.window_length)::float8) AS window_length,
        c.calendar_unit,
        c.week_start,
        z.name AS zone,
        CASE WHEN c.window_kind = 'calendar_user' THEN z.name ELSE s.project_zone END AS window_zone,
        greatest(coalesce(push.instant_of(r.local_time, z.name), r.occasion), k.planned_at) AS moment
    FROM push.run AS r
    CROSS JOIN push.setting AS s
    INNER JOIN push.run_bucket AS k
        ON r.run_id = k.run_id AND k.bucket = push.bucket_of(CAST(:user_id AS bigint))
    LEFT JOIN push.policy AS p
        ON k.policy_id = p.policy_id
    LEFT JOIN push.cap_rule AS c
        ON k.policy_id = c.policy_id AND c.rule_no = CAST(:rule_no AS smallint)
    CROSS JOIN LATERAL (
        SELECT coalesce(
            (
                SELECT n.name
                FROM push.recipient AS u
                INNER JOIN push.zone AS n
                    ON u.zone_id = n.zone_id
                WHERE u.bucket = push.bucket_of(CAST(:user_id AS bigint)) AND u.user_id = CAST(:user_id AS bigint) AND u.zone_id > 0
            ),
            s.project_zone
        ) AS name
    ) AS z
    WHERE r.run_id = CAST(:run_id AS bigint)
),

bounds AS (
    SELECT
        d.*,
        CASE
            WHEN CAST(:reason AS smallint) = 14 AND d.window_kind <> 'rolling' THEN w.starts_at - interval '1 microsecond'
            ELSE d.moment - l.length
        END AS counted_from,
        CASE
            WHEN CAST(:reason AS smallint) = 14 AND d.window_kind <> 'rolling' THEN w.ends_at
            ELSE d.moment + l.length
        END AS counted_until
    FROM decided AS d
    CROSS JOIN LATERAL (
        SELECT CASE CAST(:reason AS smallint)
            WHEN 12 THEN d.minimum_gap
            WHEN 13 THEN interval '7 days'
            WHEN 15 THEN d.cool_down
            ELSE d.window_length
        END AS length
    ) AS l
    LEFT JOIN LATERAL push.window_of(d.moment, d.window_kind, d.window_length, d.calendar_unit, d.week_start, d.window_zone) AS w
        ON d.calendar_unit IS NOT NULL
)

SELECT
    o.run_id,
    o.title,
    b.not_before,
    push.name_state(b.status, b.states[array_position(b.users, CAST(:user_id AS bigint))]) AS state
FROM bounds AS d
INNER JOIN push.send_batch AS b
    ON b.bucket = push.bucket_of(CAST(:user_id AS bigint))
    AND b.not_before > d.counted_from
    AND b.not_before < d.counted_until
    AND b.planned_at <= d.planned_at
    AND b.run_id <> d.run_id
INNER JOIN push.run AS o
    ON b.run_id = o.run_id
WHERE CAST(:user_id AS bigint) = ANY(b.users)
    AND (b.holds_slots OR b.done_at > d.planned_at)
    AND CASE CAST(:reason AS smallint)
        WHEN 15 THEN d.source_tag = ANY(b.tags)
        WHEN 14 THEN push.counts_for(b.class, b.tags, b.is_counted, d.rule_class, d.rule_tag, false)
        ELSE b.is_counted
    END
ORDER BY b.not_before, o.run_id
