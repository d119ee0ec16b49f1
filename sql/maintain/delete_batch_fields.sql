-- delete_batch_fields: forget the personal fields of batches whose time is over.
-- params: now timestamptz
-- returns: none
-- writes: batch_field
DELETE FROM push.batch_field
WHERE gone_after <= CAST(:now AS timestamptz)
