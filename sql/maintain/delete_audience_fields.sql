-- delete_audience_fields: forget the personal fields of snapshots two days after the run's deadline.
-- params: now timestamptz
-- returns: none
-- writes: audience_field
DELETE FROM push.audience_field AS f
USING push.run AS r
WHERE f.run_id = r.run_id AND r.expires_at + interval '2 days' <= CAST(:now AS timestamptz)
