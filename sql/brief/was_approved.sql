-- was_approved: whether exactly this version of a brief was approved once, and that was taken back.
-- params: brief_id bigint, version integer, content_hash text
-- returns: one (was_approved boolean)
-- writes: nothing
SELECT EXISTS(
    SELECT
    FROM push.approval AS a
    WHERE a.source_kind = 'brief'
        AND a.source_id = CAST(:brief_id AS bigint)
        AND a.version = CAST(:version AS integer)
        AND a.content_hash = CAST(:content_hash AS text)
        AND a.withdrawn_at IS NOT NULL
) AS was_approved
