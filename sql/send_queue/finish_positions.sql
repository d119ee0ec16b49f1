-- finish_positions: records what became of positions of a batch.
-- params: batch_id bigint, fence integer, positions smallint[], outcomes smallint[], reasons text[], installation_ids
--   text[], at timestamptz
-- returns: one (changed integer, is_done boolean)
-- writes: outcome, send_batch
SELECT f.changed, f.is_done
FROM push.finish(
    CAST(:batch_id AS bigint), CAST(:fence AS integer), CAST(:positions AS smallint[]), CAST(:outcomes AS smallint[]),
    CAST(:reasons AS text[]), CAST(:installation_ids AS text[]), CAST(:at AS timestamptz)
) AS f
