-- recover_leases: takes back up to 1000 batches whose lease ran out; answers how many.
-- params: at timestamptz
-- returns: one (recovered integer)
-- writes: send_batch, outcome
SELECT push.recover_expired_leases(CAST(:at AS timestamptz)) AS recovered
