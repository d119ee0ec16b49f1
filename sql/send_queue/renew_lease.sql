-- renew_lease: prolongs the lease of a claimed batch.
-- params: batch_id bigint, fence integer, lease interval, at timestamptz
-- returns: one (lease_until timestamptz)
-- writes: send_batch
SELECT push.renew(
    CAST(:batch_id AS bigint), CAST(:fence AS integer), CAST(:lease AS interval), CAST(:at AS timestamptz)
) AS lease_until
