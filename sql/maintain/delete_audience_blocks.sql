-- delete_audience_blocks: let go of the audience blocks of runs older than their retention, whose total is kept.
-- params: now timestamptz
-- returns: none
-- writes: audience_block
-- why: not before the batches went, too: half a run would not add up.
DELETE FROM push.audience_block AS b
USING push.run AS r, push.setting AS s
WHERE b.run_id = r.run_id
    AND r.expires_at < CAST(:now AS timestamptz) - s.block_retention
    AND r.run_day < CAST(CAST(:now AS timestamptz) AT TIME ZONE 'UTC' AS date) - interval '7 days' - s.batch_retention
    AND EXISTS (SELECT FROM push.run_total AS t WHERE t.run_id = r.run_id)
