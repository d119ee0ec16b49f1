-- function_follow_runs: where approved briefs stand by their runs: scheduled, sending, sent.
-- params: over_ids bigint[], over_versions integer[]
-- returns: many (brief_id bigint, status text)
-- writes: nothing
-- why: over_ids are briefs that repeat, and whose version has no occasion left. Between two occasions a brief is scheduled: then it may be edited,
--   and approved anew.
CREATE OR REPLACE FUNCTION push.follow_runs(over_ids bigint[], over_versions integer[]) RETURNS TABLE (brief_id bigint, status text)
LANGUAGE sql STABLE
AS $$
    SELECT
        b.brief_id,
        CASE
            WHEN (b.repeat IS NULL OR EXISTS (
                SELECT
                FROM unnest(follow_runs.over_ids, follow_runs.over_versions) AS o (brief_id, version)
                WHERE o.brief_id = b.brief_id AND o.version = b.version
            ))
                AND bool_or(r.status IN ('planned', 'cancelled', 'expired'))
                AND NOT bool_or(r.status IN ('waiting', 'held', 'planning', 'set_aside'))
                AND NOT bool_or(EXISTS (
                    SELECT
                    FROM push.send_batch AS q
                    WHERE q.run_id = r.run_id AND q.status IN ('waiting', 'claimed')
                )) THEN 'sent'
            WHEN bool_or(r.status = 'planning' OR (r.status = 'planned' AND (b.repeat IS NULL OR EXISTS (
                SELECT
                FROM push.send_batch AS q
                WHERE q.run_id = r.run_id AND q.status IN ('waiting', 'claimed')
            )))) THEN 'sending'
            ELSE 'scheduled'
        END
    FROM push.approved_brief AS b
    LEFT JOIN push.run AS r
        ON r.source_kind = 'brief' AND b.brief_id = r.source_id
    GROUP BY b.brief_id, b.version, b.repeat
$$;
