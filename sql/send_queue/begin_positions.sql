-- begin_positions: commits the attempt for positions of a batch and answers which may leave.
-- params: batch_id bigint, fence integer, positions smallint[], at timestamptz
-- returns: one (may_leave smallint[], refused_because text)
-- writes: send_batch
SELECT b.may_leave, b.refused_because
FROM push.begin(
    CAST(:batch_id AS bigint), CAST(:fence AS integer), CAST(:positions AS smallint[]), CAST(:at AS timestamptz)
) AS b
