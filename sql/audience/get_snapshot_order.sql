-- get_snapshot_order: what a run's snapshot is made of.
-- params: run_id bigint
-- returns: many (source_kind text, status text, snapshot_at timestamptz, audience_name text, audience_parameters
--      jsonb, exclusions jsonb, field_names text[], sql_hash text, max_users integer, bucket_count smallint)
-- writes: nothing
SELECT
    CAST(r.source_kind AS text) AS source_kind,
    r.status,
    r.snapshot_at,
    r.audience_name,
    r.audience_parameters,
    r.exclusions,
    r.field_names,
    r.sql_hash,
    r.max_users,
    s.bucket_count
FROM push.run AS r
CROSS JOIN push.setting AS s
WHERE r.run_id = CAST(:run_id AS bigint)
