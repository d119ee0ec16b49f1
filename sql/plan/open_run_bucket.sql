-- open_run_bucket: what a planning transaction must know before it decides a bucket, asked after lock_bucket; sets the transaction up for the size of the pass.
-- params: run_id bigint, bucket smallint, at timestamptz, most_few integer
-- returns: one (refusal text, is_unapproved boolean, is_decided boolean, audience_users integer, few_users bigint[], latest timestamptz, settings text)
-- writes: nothing
-- why: few_users, when they are at most most_few: counting looks for their pushes only. latest = the latest push of the bucket (a cool-down counts uncounted ones, too): only when it lies after the planned moment the exact two-sided judgement is needed.
--   is_unapproved, of a refused run: its approval was taken back and not given again, as the same moment sees it; it is not the run's fault.
--   The settings stand here because a trip to the server of their own took as long as this whole statement.
SELECT
    f.refusal,
    CASE WHEN f.refusal IS NOT NULL THEN push.list_unapproved_runs(ARRAY[r.run_id]) <> '{}' ELSE false END AS is_unapproved,
    EXISTS(
        SELECT
        FROM push.run_bucket AS d
        WHERE d.run_id = r.run_id AND d.bucket = CAST(:bucket AS smallint)
    ) AS is_decided,
    coalesce(cardinality(a.users) + cardinality(a.excluded) + cardinality(a.over_max), 0) AS audience_users,
    CASE WHEN cardinality(a.users) <= CAST(:most_few AS integer) THEN a.users END AS few_users,
    (
        SELECT max(b.not_before)
        FROM push.send_batch AS b
        WHERE b.bucket = CAST(:bucket AS smallint)
            AND b.holds_slots
            AND b.not_before > CAST(:at AS timestamptz)
    ) AS latest,
    push.favour_pass(coalesce(cardinality(a.users) <= CAST(:most_few AS integer), true)) AS settings
FROM push.run AS r
CROSS JOIN LATERAL push.run_refusal(r.run_id, CAST(:at AS timestamptz)) AS f (refusal)
LEFT JOIN push.audience_block AS a
    ON r.run_id = a.run_id AND a.bucket = CAST(:bucket AS smallint)
WHERE r.run_id = CAST(:run_id AS bigint)
