-- write_decisions: decide one pass over a bucket and write its batches and the decision blocks. Under the bucket's lock.
-- params: run_id bigint, bucket smallint, first_position integer, last_position integer, zones smallint[], moment timestamptz, moment_reason smallint, is_exempt boolean, is_deferring boolean, consent_bit smallint, language_by_id smallint[], quiet_by_zone boolean[], ledger_from timestamptz, ledger_until timestamptz, edges timestamptz[], weights float8[], watched_tags text[], margins bigint[], full_when_empty integer, only_users bigint[], slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[], slot_maximum integer[], slot_reason smallint[], slot_rule smallint[], salt bigint, variant_shares integer[], control_share integer, slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[], project_zone text, quiet_from time, quiet_until time, step interval, deadline timestamptz, later_until timestamptz, is_careful boolean, is_first_pass boolean, planned_at timestamptz, first_batch_no integer
-- returns: one (batch_count bigint, enqueued_users bigint, rejected_users bigint)
-- writes: send_batch, decision_block
-- why: one statement, so a pass is written whole or not; arrays are cut by slices, since numbering rows by a window costs half as much again.
WITH decided AS MATERIALIZED (
    SELECT
        d.reason,
        d.rule_no,
        d.variant,
        d.language_index,
        d.not_before,
        array_agg(d.user_id) AS users,
        array_agg(d.place) FILTER (WHERE d.reason = 0) AS places
    FROM push.decide(
            CAST(:run_id AS bigint),
            CAST(:bucket AS smallint),
            CAST(:first_position AS integer),
            CAST(:last_position AS integer),
            CAST(:zones AS smallint[]),
            CAST(:moment AS timestamptz),
            CAST(:moment_reason AS smallint),
            CAST(:is_exempt AS boolean),
            CAST(:is_deferring AS boolean),
            CAST(:consent_bit AS smallint),
            CAST(:language_by_id AS smallint[]),
            CAST(:quiet_by_zone AS boolean[]),
            CAST(:ledger_from AS timestamptz),
            CAST(:ledger_until AS timestamptz),
            CAST(:edges AS timestamptz[]),
            CAST(:weights AS float8[]),
            CAST(:watched_tags AS text[]),
            CAST(:margins AS bigint[]),
            CAST(:full_when_empty AS integer),
            CAST(:only_users AS bigint[]),
            CAST(:slot_from AS timestamptz[]),
            CAST(:slot_until AS timestamptz[]),
            CAST(:slot_class AS push.class[]),
            CAST(:slot_tag AS text[]),
            CAST(:slot_counts_uncounted AS boolean[]),
            CAST(:slot_maximum AS integer[]),
            CAST(:slot_reason AS smallint[]),
            CAST(:slot_rule AS smallint[]),
            CAST(:salt AS bigint),
            CAST(:variant_shares AS integer[]),
            CAST(:control_share AS integer),
            CAST(:slot_kind AS text[]),
            CAST(:slot_length AS interval[]),
            CAST(:slot_unit AS text[]),
            CAST(:slot_week_start AS smallint[]),
            CAST(:project_zone AS text),
            CAST(:quiet_from AS time),
            CAST(:quiet_until AS time),
            CAST(:step AS interval),
            CAST(:deadline AS timestamptz),
            CAST(:later_until AS timestamptz),
            CAST(:is_careful AS boolean),
            CAST(:is_first_pass AS boolean)
    ) AS d
    GROUP BY d.reason, d.rule_no, d.variant, d.language_index, d.not_before
),

cut AS (
    SELECT
        r.run_day,
        r.run_id * 16777216 + CAST(:bucket AS bigint) * 16384 + CAST(:first_batch_no AS integer)
        + row_number() OVER (ORDER BY d.not_before, d.variant, d.language_index, slice.start) - 1 AS batch_id,
        r.run_id,
        d.not_before,
        least(r.expires_at, d.not_before + r.ttl) AS expires_at,
        least(r.expires_at, d.not_before + r.ttl, d.not_before + s.late_by) AS leave_by,
        r.class,
        r.lane,
        d.variant,
        r.is_counted,
        r.languages[d.language_index] AS language,
        r.tags,
        d.users[slice.start + 1:slice.start + s.batch_size] AS users,
        CASE WHEN r.field_names <> '{}' THEN d.places[slice.start + 1:slice.start + s.batch_size] END AS places
    FROM decided AS d
    CROSS JOIN push.setting AS s
    INNER JOIN push.run AS r
        ON r.run_id = CAST(:run_id AS bigint)
    CROSS JOIN LATERAL generate_series(0, cardinality(d.users) - 1, s.batch_size) AS slice (start)
    WHERE d.reason = 0
),

batches AS (
    INSERT INTO push.send_batch (
        run_day, batch_id, run_id, not_before, expires_at, leave_by, planned_at, user_count,
        class, lane, bucket, variant, is_counted, language, tags, users, places
    )
    SELECT
        c.run_day,
        c.batch_id,
        c.run_id,
        c.not_before,
        c.expires_at,
        c.leave_by,
        CAST(:planned_at AS timestamptz),
        cardinality(c.users),
        c.class,
        c.lane,
        CAST(:bucket AS smallint),
        c.variant,
        c.is_counted,
        c.language,
        c.tags,
        c.users,
        c.places
    FROM cut AS c
    RETURNING user_count
),

rejected AS (
    INSERT INTO push.decision_block (run_id, bucket, reason, rule_no, user_count, users)
    SELECT
        CAST(:run_id AS bigint),
        CAST(:bucket AS smallint),
        d.reason,
        d.rule_no,
        cardinality(d.users),
        d.users
    FROM decided AS d
    WHERE d.reason > 0
    ON CONFLICT (run_id, bucket, reason, rule_no) DO UPDATE
    SET user_count = decision_block.user_count + excluded.user_count,
        users = decision_block.users || excluded.users
    RETURNING user_count
)

SELECT
    (SELECT count(*) FROM batches) AS batch_count,
    (SELECT coalesce(sum(user_count), 0)::bigint FROM batches) AS enqueued_users,
    (SELECT coalesce(sum(cardinality(d.users)), 0)::bigint FROM decided AS d WHERE d.reason > 0) AS rejected_users
