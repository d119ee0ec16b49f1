-- list_audience_takers: which runs hold pushes to a trial run's audience that count for one limit, with the number of users each.
-- params: run_id bigint, buckets smallint[], counted_from timestamptz, counted_until timestamptz, push_class push.class, tag text
-- returns: many (run_id bigint, source_kind text, campaign_code text, title text, occasion timestamptz, users bigint)
-- writes: nothing
-- why: the batches that hold slots, as counting reads them; both sides of the moment, for pushes planned later take slots too. A user counts once a run, so rows are users.
WITH audience AS (
    SELECT unnest(a.users) AS user_id
    FROM push.audience_block AS a
    WHERE a.run_id = CAST(:run_id AS bigint) AND a.bucket = ANY(CAST(:buckets AS smallint[]))
),

held AS (
    SELECT
        b.run_id,
        unnest(b.users) AS user_id
    FROM push.send_batch AS b
    WHERE b.bucket = ANY(CAST(:buckets AS smallint[]))
        AND b.holds_slots
        AND b.not_before >= CAST(:counted_from AS timestamptz)
        AND b.not_before < CAST(:counted_until AS timestamptz)
        AND push.counts_for(b.class, b.tags, b.is_counted, CAST(:push_class AS push.class), CAST(:tag AS text), false)
),

counted AS (
    SELECT
        h.run_id,
        count(*) AS users
    FROM held AS h
    INNER JOIN audience AS a ON h.user_id = a.user_id
    GROUP BY h.run_id
)

SELECT
    c.run_id,
    CAST(r.source_kind AS text) AS source_kind,
    b.campaign_code,
    r.title,
    r.occasion,
    c.users
FROM counted AS c
INNER JOIN push.run AS r ON c.run_id = r.run_id
LEFT JOIN push.brief AS b ON r.source_kind = 'brief' AND r.source_id = b.brief_id
ORDER BY c.users DESC, c.run_id
