-- function_decide_at_once: one row a user of a bucket's snapshot at one planned moment: enqueued (reason 0) or the first reason in fixed order.
-- params: is_careful boolean, run_id bigint, bucket smallint, first_position integer, last_position integer, zones smallint[], moment timestamptz, moment_reason smallint, is_exempt boolean, is_deferring boolean, consent_bit smallint, language_by_id smallint[], quiet_by_zone boolean[], ledger_from timestamptz, ledger_until timestamptz, edges timestamptz[], weights float8[], watched_tags text[], margins bigint[], full_when_empty integer, only_users bigint[], slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[], slot_maximum integer[], slot_reason smallint[], slot_rule smallint[], salt bigint, variant_shares integer[], control_share integer
-- returns: many (user_id bigint, place integer, zone_id smallint, weekly_limit smallint, reason smallint, rule_no smallint, variant smallint, language_index smallint, needs_care boolean)
-- writes: nothing
-- why: a pure SELECT, so that the run, its dry run, the reach estimate and `why` are one and the same text; inlined into each caller.
--   One plan serves all buckets: `bucket + 0` tells Postgres that one bucket is a small part of all recipients, and filtering by zone after the joins that the audience is
--   the larger side; it hashes the smaller ones. Variant and language are 0 for whom they do not matter. place: the user's position in the snapshot. needs_care: a push is planned later than the moment, or a deferring run is stopped by time: decide_carefully judges these again, exactly.
CREATE OR REPLACE FUNCTION push.decide_at_once(
    is_careful boolean, run_id bigint, bucket smallint, first_position integer, last_position integer, zones smallint[],
    moment timestamptz, moment_reason smallint, is_exempt boolean, is_deferring boolean, consent_bit smallint,
    language_by_id smallint[], quiet_by_zone boolean[], ledger_from timestamptz, ledger_until timestamptz,
    edges timestamptz[], weights float8[], watched_tags text[], margins bigint[], full_when_empty integer, only_users bigint[],
    slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[],
    slot_maximum integer[], slot_reason smallint[], slot_rule smallint[],
    salt bigint, variant_shares integer[], control_share integer
)
RETURNS TABLE (
    user_id bigint, place integer, zone_id smallint, weekly_limit smallint,
    reason smallint, rule_no smallint, variant smallint, language_index smallint, needs_care boolean
)
LANGUAGE sql STABLE
AS $$
    SELECT
        d.user_id,
        d.place,
        d.zone_id,
        d.weekly_limit,
        (CASE WHEN d.stop > 100 THEN slot_reason[d.stop - 100] ELSE d.stop END)::smallint AS reason,
        (CASE WHEN d.stop > 100 THEN slot_rule[d.stop - 100] ELSE 0 END)::smallint AS rule_no,
        CASE WHEN d.stop = 0 OR is_careful THEN push.variant_of(d.user_id, salt, variant_shares) ELSE 0::smallint END AS variant,
        CASE WHEN d.stop = 0 OR is_careful THEN d.language_index ELSE 0::smallint END AS language_index,
        (d.stop = 0 OR d.stop > 10) AND (d.has_later OR (is_deferring AND d.stop NOT IN (0, 16))) AS needs_care
    FROM (
        SELECT
            a.user_id,
            a.place,
            r.zone_id,
            r.weekly_limit,
            language_by_id[r.language_id + 1] AS language_index,
            c.has_later,
            CASE
                WHEN r.user_id IS NULL THEN 3
                WHEN r.is_erased THEN 4
                WHEN r.consents & consent_bit = 0 THEN 5
                WHEN NOT r.is_reachable THEN 6
                WHEN r.is_control AND NOT is_exempt THEN 7
                WHEN language_by_id[r.language_id + 1] IS NULL THEN 8
                WHEN moment_reason > 0 THEN moment_reason
                WHEN quiet_by_zone[r.zone_id + 1] THEN 11
                WHEN coalesce(c.full_slot, full_when_empty) = 1 THEN 101
                WHEN coalesce(c.own_count, 0) >= r.weekly_limit AND slot_maximum[2] IS NOT NULL THEN 102
                WHEN coalesce(c.full_slot, full_when_empty) > 0 THEN 100 + coalesce(c.full_slot, full_when_empty)
                WHEN push.is_in_campaign_control(a.user_id, salt, control_share) THEN 16
                ELSE 0
            END AS stop,
            zones IS NULL OR coalesce(r.zone_id, 0::smallint) = ANY(zones) AS is_here
        FROM (
            SELECT
                unnest(b.users[first_position:last_position]) AS user_id,
                generate_series(first_position, least(last_position, cardinality(b.users))) AS place
            FROM push.audience_block AS b
            WHERE b.run_id = decide_at_once.run_id AND b.bucket = decide_at_once.bucket
        ) AS a
        LEFT JOIN push.recipient AS r
            ON r.bucket = decide_at_once.bucket AND r.bucket + 0 = decide_at_once.bucket AND a.user_id = r.user_id
        LEFT JOIN push.count_pushes(
            decide_at_once.bucket, ledger_from, ledger_until, edges, weights, watched_tags, margins, slot_from, slot_until, slot_class, slot_tag,
            slot_counts_uncounted, slot_maximum, moment, is_careful, only_users
        ) AS c
            ON a.user_id = c.user_id
        OFFSET 0
    ) AS d
    WHERE d.is_here
$$;
