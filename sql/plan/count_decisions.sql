-- count_decisions: the decisions of one pass over a bucket, counted; decides without writing (dry run, reach estimate).
-- params: run_id bigint, bucket smallint, first_position integer, last_position integer, zones smallint[], moment timestamptz, moment_reason smallint, is_exempt boolean, is_deferring boolean, consent_bit smallint, language_by_id smallint[], quiet_by_zone boolean[], ledger_from timestamptz, ledger_until timestamptz, slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[], slot_maximum integer[], slot_reason smallint[], slot_rule smallint[], salt bigint, variant_shares integer[], control_share integer, slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[], project_zone text, quiet_from time, quiet_until time, step interval, deadline timestamptz, later_until timestamptz, is_careful boolean, is_first_pass boolean
-- returns: many (reason smallint, rule_no smallint, variant smallint, language_index smallint, not_before timestamptz, users bigint)
-- writes: nothing
SELECT
    d.reason,
    d.rule_no,
    d.variant,
    d.language_index,
    d.not_before,
    count(*) AS users
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
