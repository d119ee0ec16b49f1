-- list_user_decisions: every decision about one user, newest first: what was enqueued and what became of it, or the reason; and where none fell yet.
-- params: user_id bigint, most integer
-- returns: many (run_id bigint, title text, source_kind text, source_id bigint, campaign_code text, class text, run_status text, occasion timestamptz, decided_at timestamptz, decision text, reason smallint, rule_no smallint, rule_title text, push_id uuid, not_before timestamptz, variant smallint, language text, state text, state_at timestamptz, state_reason text, receipts text[])
-- writes: nothing
-- why: reads one bucket of each table and asks arrays with = ANY, which is far cheaper than unnesting them as push.decision does.
WITH found AS (
    SELECT
        b.run_id,
        'enqueued' AS decision,
        0::smallint AS reason,
        0::smallint AS rule_no,
        b.planned_at AS decided_at,
        b.run_day,
        b.batch_id,
        array_position(b.users, CAST(:user_id AS bigint)) AS position,
        b.not_before,
        b.variant,
        b.language,
        push.name_state(b.status, b.states[array_position(b.users, CAST(:user_id AS bigint))]) AS state,
        b.done_at
    FROM push.send_batch AS b
    WHERE b.bucket = push.bucket_of(CAST(:user_id AS bigint)) AND CAST(:user_id AS bigint) = ANY(b.users)
    UNION ALL
    SELECT
        d.run_id,
        n.code,
        d.reason,
        d.rule_no,
        k.planned_at,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL
    FROM push.decision_block AS d
    INNER JOIN push.reason AS n
        ON d.reason = n.reason
    LEFT JOIN push.run_bucket AS k
        ON d.run_id = k.run_id AND d.bucket = k.bucket
    WHERE d.bucket = push.bucket_of(CAST(:user_id AS bigint)) AND CAST(:user_id AS bigint) = ANY(d.users)
    UNION ALL
    SELECT
        a.run_id,
        'not_planned_yet',
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL,
        NULL
    FROM push.audience_block AS a
    WHERE a.bucket = push.bucket_of(CAST(:user_id AS bigint))
        AND NOT EXISTS (SELECT FROM push.run_bucket AS k WHERE k.run_id = a.run_id AND k.bucket = a.bucket)
        AND CAST(:user_id AS bigint) = ANY(a.users || a.excluded || a.over_max)
)

SELECT
    r.run_id,
    r.title,
    r.source_kind::text AS source_kind,
    r.source_id,
    w.campaign_code,
    r.class::text AS class,
    r.status AS run_status,
    r.occasion,
    f.decided_at,
    f.decision,
    f.reason,
    f.rule_no,
    coalesce(c.title, '') AS rule_title,
    CASE WHEN f.batch_id IS NOT NULL THEN push.push_id(r.run_id, CAST(:user_id AS bigint)) END AS push_id,
    f.not_before,
    f.variant,
    f.language,
    f.state,
    coalesce(o.ended_at, f.done_at) AS state_at,
    coalesce(o.reason, '') AS state_reason,
    array(
        SELECT DISTINCT e.kind
        FROM push.receipt AS e
        WHERE e.run_day = f.run_day AND e.batch_id = f.batch_id AND e.position = f.position
        ORDER BY e.kind
    ) AS receipts
FROM found AS f
INNER JOIN push.run AS r
    ON f.run_id = r.run_id
LEFT JOIN push.brief AS w
    ON r.source_kind = 'brief' AND r.source_id = w.brief_id
LEFT JOIN push.run_bucket AS k
    ON f.run_id = k.run_id AND k.bucket = push.bucket_of(CAST(:user_id AS bigint))
LEFT JOIN push.cap_rule AS c
    ON k.policy_id = c.policy_id AND f.rule_no = c.rule_no
LEFT JOIN LATERAL (
    SELECT
        y.ended_at,
        y.reason
    FROM push.outcome AS y
    WHERE y.run_day = f.run_day
        AND y.batch_id = f.batch_id
        AND y.position = f.position
        AND (ARRAY['accepted', 'rejected', 'unknown', 'withheld'])[y.outcome - 1] = f.state
    ORDER BY y.ended_at DESC, y.installation_id
    LIMIT 1
) AS o ON true
ORDER BY coalesce(f.decided_at, r.due_at) DESC, r.run_id DESC
LIMIT CAST(:most AS integer)
