-- list_audience_takers: of those whom a limit of a trial run stops in a bucket, how many hold a push of which run that counts for it.
-- params: limit_reason smallint[], limit_rule smallint[], limit_from timestamptz[], limit_until timestamptz[], limit_class push.class[], limit_tag text[], run_id bigint, bucket smallint, first_position integer, last_position integer, zones smallint[], moment timestamptz, moment_reason smallint, is_exempt boolean, is_deferring boolean, consent_bit smallint, language_by_id smallint[], quiet_by_zone boolean[], ledger_from timestamptz, ledger_until timestamptz, edges timestamptz[], weights float8[], watched_tags text[], margins bigint[], full_when_empty integer, only_users bigint[], slot_from timestamptz[], slot_until timestamptz[], slot_class push.class[], slot_tag text[], slot_counts_uncounted boolean[], slot_maximum integer[], slot_reason smallint[], slot_rule smallint[], salt bigint, variant_shares integer[], control_share integer, slot_kind text[], slot_length interval[], slot_unit text[], slot_week_start smallint[], project_zone text, quiet_from time, quiet_until time, step interval, deadline timestamptz, later_until timestamptz, is_careful boolean, is_first_pass boolean
-- returns: many (place bigint, run_id bigint, source_kind text, campaign_code text, title text, occasion timestamptz, users bigint)
-- writes: nothing
-- why: one pass over the bucket decides who is stopped by what; the batches that hold slots are looked through as counting reads them, on both sides of the moment, for
--   pushes planned later take slots too. A user counts once a run, so rows are users. place is the limit's in the arrays, from 1.
WITH stopped AS MATERIALIZED (
    SELECT
        d.user_id,
        l.place
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
    INNER JOIN unnest(CAST(:limit_reason AS smallint[]), CAST(:limit_rule AS smallint[])) WITH ORDINALITY AS l (reason, rule_no, place)
        ON d.reason = l.reason AND d.rule_no = l.rule_no
),

held AS (
    SELECT
        l.place,
        b.run_id,
        unnest(b.users) AS user_id
    FROM unnest(
        CAST(:limit_from AS timestamptz[]), CAST(:limit_until AS timestamptz[]), CAST(:limit_class AS push.class[]), CAST(:limit_tag AS text[])
    ) WITH ORDINALITY AS l (counted_from, counted_until, push_class, tag, place)
    INNER JOIN push.send_batch AS b
        ON b.not_before >= l.counted_from AND b.not_before < l.counted_until
    WHERE b.bucket = CAST(:bucket AS smallint)
        AND b.holds_slots
        AND push.counts_for(b.class, b.tags, b.is_counted, l.push_class, l.tag, false)
),

counted AS (
    SELECT
        h.place,
        h.run_id,
        count(*) AS users
    FROM held AS h
    INNER JOIN stopped AS s ON h.user_id = s.user_id AND h.place = s.place
    GROUP BY h.place, h.run_id
)

SELECT
    c.place,
    c.run_id,
    CAST(r.source_kind AS text) AS source_kind,
    b.campaign_code,
    r.title,
    r.occasion,
    c.users
FROM counted AS c
INNER JOIN push.run AS r ON c.run_id = r.run_id
LEFT JOIN push.brief AS b ON r.source_kind = 'brief' AND r.source_id = b.brief_id
ORDER BY c.place, c.users DESC, c.run_id
