-- release_batch: gives a claimed batch back before its lease ends.
-- params: batch_id bigint, fence integer, at timestamptz
-- returns: one (waiting_again integer)
-- writes: send_batch, outcome
SELECT push.release(CAST(:batch_id AS bigint), CAST(:fence AS integer), CAST(:at AS timestamptz)) AS waiting_again
