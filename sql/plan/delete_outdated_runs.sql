-- delete_outdated_runs: take away runs of briefs and triggers that were edited, stopped, not approved any more or approved for another reach before
--   any bucket was decided.
-- params: none
-- returns: many (run_id bigint)
-- writes: run, run_text, audience_block, audience_field, set_aside
-- why: once a bucket is decided the version is pinned: such a run is stopped by cancelling, never replaced.
WITH outdated AS (
    SELECT r.run_id
    FROM push.run AS r
    WHERE r.source_kind <> 'foreign'
        AND r.status IN ('waiting', 'held', 'set_aside')
        AND NOT EXISTS (SELECT FROM push.run_bucket AS d WHERE d.run_id = r.run_id)
        AND NOT EXISTS (
            SELECT
            FROM push.approved_brief AS b
            WHERE r.source_kind = 'brief'
                AND b.brief_id = r.source_id
                AND b.version = r.version
                AND b.content_hash = r.content_hash
                AND (b.reach_low, b.reach_high) IS NOT DISTINCT FROM (r.reach_low, r.reach_high)
        )
        AND NOT EXISTS (
            SELECT
            FROM push.approval AS a
            INNER JOIN push.trigger_rule AS t
                ON a.source_id = t.trigger_id AND a.version = t.current_version
            WHERE r.source_kind = 'trigger'
                AND a.source_kind = 'trigger'
                AND a.source_id = r.source_id
                AND a.content_hash = r.content_hash
                AND a.withdrawn_at IS NULL
                AND t.is_on
        )
    FOR UPDATE OF r
),

fields AS (
    DELETE FROM push.audience_field WHERE run_id IN (SELECT o.run_id FROM outdated AS o)
),

blocks AS (
    DELETE FROM push.audience_block WHERE run_id IN (SELECT o.run_id FROM outdated AS o)
),

texts AS (
    DELETE FROM push.run_text WHERE run_id IN (SELECT o.run_id FROM outdated AS o)
),

failures AS (
    DELETE FROM push.set_aside WHERE run_id IN (SELECT o.run_id FROM outdated AS o)
)

DELETE FROM push.run
WHERE run_id IN (SELECT o.run_id FROM outdated AS o)
RETURNING run_id
