-- insert_receipts: notes what came back for pushes; a repeat is harmless.
-- params: run_day date, batch_id bigint, positions smallint[], kinds text[], received_ats timestamptz[], insert_ids
--   text[]
-- returns: none
-- writes: receipt
INSERT INTO push.receipt (run_day, batch_id, position, kind, received_at, insert_id)
SELECT CAST(:run_day AS date), CAST(:batch_id AS bigint), r.position, r.kind, r.received_at, r.insert_id
FROM unnest(
    CAST(:positions AS smallint[]), CAST(:kinds AS text[]), CAST(:received_ats AS timestamptz[]), CAST(:insert_ids AS text[])
) AS r (position, kind, received_at, insert_id)
ON CONFLICT DO NOTHING
