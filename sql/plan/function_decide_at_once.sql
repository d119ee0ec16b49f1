-- function_decide_at_once: one row a user of a bucket's snapshot at one planned moment: enqueued (reason 0) or the first reason in fixed order.
-- params: run_id bigint, bucket smallint, first_position integer, last_position integer, zones smallint[], moment timestamptz, moment_reason smallint, is_exempt boolean, is_deferring boolean, consent_bit smallint, language_by_id smallint[], quiet_by_zone boolean[], ledger_from timestamptz, ledger_until timestamptz, slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[], slot_maximum integer[], slot_reason smallint[], slot_rule smallint[], salt bigint, variant_shares integer[], control_share integer
-- returns: many (user_id bigint, fields text, zone_id smallint, weekly_limit smallint, reason smallint, rule_no smallint, variant smallint, language_index smallint, needs_care boolean)
-- writes: nothing
-- why: a pure SELECT, so that the run, its dry run, the reach estimate and `why` are one and the same text; inlined into each caller.
--   needs_care: a push is planned later than the moment, or a deferring run is stopped by time: decide_carefully judges these again, exactly.
CREATE OR REPLACE FUNCTION push.decide_at_once(
    run_id bigint, bucket smallint, first_position integer, last_position integer, zones smallint[],
    moment timestamptz, moment_reason smallint, is_exempt boolean, is_deferring boolean, consent_bit smallint,
    language_by_id smallint[], quiet_by_zone boolean[], ledger_from timestamptz, ledger_until timestamptz,
    slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[],
    slot_maximum integer[], slot_reason smallint[], slot_rule smallint[],
    salt bigint, variant_shares integer[], control_share integer
)
RETURNS TABLE (
    user_id bigint, fields text, zone_id smallint, weekly_limit smallint,
    reason smallint, rule_no smallint, variant smallint, language_index smallint, needs_care boolean
)
LANGUAGE sql STABLE
AS $$
    SELECT
        d.user_id,
        d.fields,
        d.zone_id,
        d.weekly_limit,
        (CASE
            WHEN d.stop < 100 THEN d.stop
            WHEN d.stop > 100 THEN slot_reason[d.stop - 100]
            WHEN push.is_in_campaign_control(d.user_id, salt, control_share) THEN 16
            ELSE 0
        END)::smallint AS reason,
        (CASE WHEN d.stop > 100 THEN slot_rule[d.stop - 100] ELSE 0 END)::smallint AS rule_no,
        push.variant_of(d.user_id, salt, variant_shares) AS variant,
        d.language_index,
        d.stop > 10 AND (d.has_later OR (is_deferring AND d.stop <> 100)) AS needs_care
    FROM (
        SELECT
            a.user_id,
            a.fields,
            r.zone_id,
            r.weekly_limit,
            language_by_id[r.language_id + 1] AS language_index,
            c.latest > moment OR c.pushes > 8000 AS has_later,
            CASE
                WHEN r.user_id IS NULL THEN 3
                WHEN r.is_erased THEN 4
                WHEN r.consents & consent_bit = 0 THEN 5
                WHEN NOT r.is_reachable THEN 6
                WHEN r.is_control AND NOT is_exempt THEN 7
                WHEN language_by_id[r.language_id + 1] IS NULL THEN 8
                WHEN moment_reason > 0 THEN moment_reason
                WHEN quiet_by_zone[r.zone_id + 1] THEN 11
                ELSE 100 + push.first_full_slot(
                    c.packed_1, c.packed_2, c.packed_3, c.packed_4, c.packed_5, slot_maximum, r.weekly_limit
                )
            END AS stop
        FROM (
            SELECT
                unnest(b.users[first_position:last_position]) AS user_id,
                unnest(f.fields[first_position:last_position]) AS fields
            FROM push.audience_block AS b
            LEFT JOIN push.audience_field AS f
                ON b.run_id = f.run_id AND b.bucket = f.bucket
            WHERE b.run_id = decide_at_once.run_id AND b.bucket = decide_at_once.bucket
        ) AS a
        LEFT JOIN push.recipient AS r
            ON r.bucket = decide_at_once.bucket AND a.user_id = r.user_id
        LEFT JOIN push.count_pushes(
            decide_at_once.bucket, ledger_from, ledger_until, moment, slot_from, slot_until, slot_class, slot_tag, slot_counts_uncounted
        ) AS c
            ON a.user_id = c.user_id
        WHERE zones IS NULL OR coalesce(r.zone_id, 0::smallint) = ANY(zones)
        OFFSET 0
    ) AS d
$$;
