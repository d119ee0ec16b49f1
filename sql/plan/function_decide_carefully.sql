-- function_decide_carefully: the same decisions as decide_at_once, with the users that need care judged by the exact two-sided law and deferred where the run defers.
-- params: run_id bigint, bucket smallint, first_position integer, last_position integer, zones smallint[], moment timestamptz, moment_reason smallint, is_exempt boolean, is_deferring boolean, consent_bit smallint, language_by_id smallint[], quiet_by_zone boolean[], ledger_from timestamptz, ledger_until timestamptz, edges timestamptz[], weights float8[], watched_tags text[], margins bigint[], full_when_empty integer, only_users bigint[], slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[], slot_maximum integer[], slot_reason smallint[], slot_rule smallint[], salt bigint, variant_shares integer[], control_share integer, slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[], project_zone text, quiet_from time, quiet_until time, step interval, deadline timestamptz, later_until timestamptz
-- returns: many (user_id bigint, place integer, reason smallint, rule_no smallint, variant smallint, language_index smallint, not_before timestamptz)
-- writes: nothing
-- why: only users that need care pay for their list of pushes; everybody else keeps the cheap decision.
CREATE OR REPLACE FUNCTION push.decide_carefully(
    run_id bigint, bucket smallint, first_position integer, last_position integer, zones smallint[],
    moment timestamptz, moment_reason smallint, is_exempt boolean, is_deferring boolean, consent_bit smallint,
    language_by_id smallint[], quiet_by_zone boolean[], ledger_from timestamptz, ledger_until timestamptz,
    edges timestamptz[], weights float8[], watched_tags text[], margins bigint[], full_when_empty integer, only_users bigint[],
    slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[],
    slot_maximum integer[], slot_reason smallint[], slot_rule smallint[],
    salt bigint, variant_shares integer[], control_share integer,
    slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[],
    project_zone text, quiet_from time, quiet_until time, step interval, deadline timestamptz, later_until timestamptz
)
RETURNS TABLE (
    user_id bigint, place integer, reason smallint, rule_no smallint, variant smallint, language_index smallint, not_before timestamptz
)
LANGUAGE sql STABLE
AS $$
    WITH once AS MATERIALIZED (
        SELECT *
        FROM push.decide_at_once(
            true, run_id, bucket, first_position, last_position, zones, moment, moment_reason, is_exempt, is_deferring,
            consent_bit, language_by_id, quiet_by_zone, ledger_from, ledger_until, edges, weights, watched_tags, margins, full_when_empty, only_users, slot_from, slot_until, slot_class,
            slot_tag, slot_counts_uncounted, slot_maximum, slot_reason, slot_rule, salt, variant_shares, control_share
        )
    ),
    history AS (
        SELECT
            p.user_id,
            array_agg(p.not_before ORDER BY p.not_before) AS push_times,
            array_agg(p.slots ORDER BY p.not_before) AS push_slots
        FROM (
            SELECT
                unnest(w.users) AS user_id,
                w.not_before,
                w.slots
            FROM (
                SELECT
                    b.users,
                    b.not_before,
                    push.slots_of(b.class, b.tags, b.is_counted, slot_class, slot_tag, slot_counts_uncounted, slot_maximum) AS slots
                FROM push.send_batch AS b
                WHERE b.bucket = decide_carefully.bucket
                    AND b.holds_slots
                    AND b.not_before >= ledger_from
                    AND b.not_before < later_until
                    AND (only_users IS NULL OR cardinality(only_users) > 4 OR b.users && only_users)
                OFFSET 0
            ) AS w
        ) AS p
        WHERE (only_users IS NULL OR p.user_id IN (SELECT f.user_id FROM unnest(only_users) AS f (user_id)))
            AND p.user_id IN (SELECT o.user_id FROM once AS o WHERE o.needs_care)
        GROUP BY p.user_id
    )
    SELECT
        o.user_id,
        o.place,
        (CASE
            WHEN NOT coalesce(o.needs_care, false) THEN o.reason
            WHEN j.open_moment IS NOT NULL
                THEN CASE WHEN push.is_in_campaign_control(o.user_id, salt, control_share) THEN 16 ELSE 0 END
            WHEN j.stopper = -1 THEN 11
            ELSE slot_reason[j.stopper]
        END)::smallint AS reason,
        (CASE
            WHEN NOT coalesce(o.needs_care, false) THEN o.rule_no
            WHEN j.open_moment IS NULL AND j.stopper > 0 THEN slot_rule[j.stopper]
            ELSE 0
        END)::smallint AS rule_no,
        o.variant,
        o.language_index,
        coalesce(j.open_moment, moment) AS not_before
    FROM once AS o
    LEFT JOIN history AS h
        ON o.needs_care AND o.user_id = h.user_id
    LEFT JOIN push.zone AS z
        ON o.needs_care AND o.zone_id = z.zone_id AND z.zone_id > 0
    LEFT JOIN LATERAL (
        SELECT m.*
        FROM push.first_open_moment(
            moment, deadline, is_deferring, step, coalesce(z.name, project_zone), project_zone, quiet_from, quiet_until,
            coalesce(h.push_times, '{}'), coalesce(h.push_slots, '{}'), slot_kind, slot_length, slot_unit, slot_week_start,
            CASE WHEN slot_maximum[2] IS NULL THEN slot_maximum ELSE slot_maximum[1:1] || o.weekly_limit::integer || slot_maximum[3:19] END
        ) AS m
        WHERE o.needs_care
    ) AS j
        ON true
$$;
