-- lock_moving_briefs: briefs whose status does not follow their runs any more, kept from changing until the transaction ends.
-- params: over_ids bigint[], over_versions integer[]
-- returns: many (brief_id bigint)
-- writes: nothing
-- why: a statement of its own before move_briefs: what was cancelled, withdrawn or edited while this waited is then seen. In the order of the codes,
--   as everybody does who locks more than one brief.
SELECT b.brief_id
FROM push.brief AS b
INNER JOIN push.follow_runs(CAST(:over_ids AS bigint[]), CAST(:over_versions AS integer[])) AS f
    ON b.brief_id = f.brief_id
WHERE b.status <> f.status
ORDER BY b.campaign_code
FOR NO KEY UPDATE OF b
