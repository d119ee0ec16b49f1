-- function_decide: what a run decides for every user of one bucket at one planned moment. The one deciding SELECT of run, dry run, estimate and why.
-- params: run_id bigint, bucket smallint, first_position integer, last_position integer, zones smallint[], moment timestamptz, moment_reason smallint, is_exempt boolean, is_deferring boolean, consent_bit smallint, language_by_id smallint[], quiet_by_zone boolean[], ledger_from timestamptz, ledger_until timestamptz, edges timestamptz[], weights float8[], watched_tags text[], margins bigint[], full_when_empty integer, only_users bigint[], slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[], slot_maximum integer[], slot_reason smallint[], slot_rule smallint[], salt bigint, variant_shares integer[], control_share integer, slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[], project_zone text, quiet_from time, quiet_until time, step interval, deadline timestamptz, later_until timestamptz, is_careful boolean, is_first_pass boolean
-- returns: many (user_id bigint, place integer, reason smallint, rule_no smallint, variant smallint, language_index smallint, not_before timestamptz)
-- writes: nothing
-- why: with constant flags the planner drops the branches that a pass does not need. Variant and language of those left out are 0, so that each reason is one row. Excluded users and those over max_users come once, with the first pass.
CREATE OR REPLACE FUNCTION push.decide(
    run_id bigint, bucket smallint, first_position integer, last_position integer, zones smallint[],
    moment timestamptz, moment_reason smallint, is_exempt boolean, is_deferring boolean, consent_bit smallint,
    language_by_id smallint[], quiet_by_zone boolean[], ledger_from timestamptz, ledger_until timestamptz,
    edges timestamptz[], weights float8[], watched_tags text[], margins bigint[], full_when_empty integer, only_users bigint[],
    slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[],
    slot_maximum integer[], slot_reason smallint[], slot_rule smallint[],
    salt bigint, variant_shares integer[], control_share integer,
    slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[],
    project_zone text, quiet_from time, quiet_until time, step interval, deadline timestamptz, later_until timestamptz, is_careful boolean, is_first_pass boolean
)
RETURNS TABLE (
    user_id bigint, place integer, reason smallint, rule_no smallint, variant smallint, language_index smallint, not_before timestamptz
)
LANGUAGE sql STABLE
AS $$
    SELECT d.user_id, d.place, d.reason, d.rule_no, d.variant, d.language_index, moment
    FROM push.decide_at_once(
        false, run_id, bucket, first_position, last_position, zones, moment, moment_reason, is_exempt, is_deferring,
        consent_bit, language_by_id, quiet_by_zone, ledger_from, ledger_until, edges, weights, watched_tags, margins, full_when_empty, only_users, slot_from, slot_until, slot_class,
        slot_tag, slot_counts_uncounted, slot_maximum, slot_reason, slot_rule, salt, variant_shares, control_share
    ) AS d
    WHERE NOT is_careful
    UNION ALL
    SELECT d.user_id, d.place, d.reason, d.rule_no, CASE WHEN d.reason = 0 THEN d.variant ELSE 0::smallint END, CASE WHEN d.reason = 0 THEN d.language_index ELSE 0::smallint END,
        CASE WHEN d.reason = 0 THEN d.not_before ELSE moment END
    FROM push.decide_carefully(
        run_id, bucket, first_position, last_position, zones, moment, moment_reason, is_exempt, is_deferring,
        consent_bit, language_by_id, quiet_by_zone, ledger_from, ledger_until, edges, weights, watched_tags, margins, full_when_empty, only_users, slot_from, slot_until, slot_class,
        slot_tag, slot_counts_uncounted, slot_maximum, slot_reason, slot_rule, salt, variant_shares, control_share,
        slot_kind, slot_length, slot_unit, slot_week_start, project_zone, quiet_from, quiet_until, step, deadline,
        later_until
    ) AS d
    WHERE is_careful
    UNION ALL
    SELECT unnest(b.excluded), NULL, 1::smallint, 0::smallint, 0::smallint, 0::smallint, moment
    FROM push.audience_block AS b
    WHERE is_first_pass AND b.run_id = decide.run_id AND b.bucket = decide.bucket
    UNION ALL
    SELECT unnest(b.over_max), NULL, 2::smallint, 0::smallint, 0::smallint, 0::smallint, moment
    FROM push.audience_block AS b
    WHERE is_first_pass AND b.run_id = decide.run_id AND b.bucket = decide.bucket
$$;
