-- insert_run_bucket: mark a bucket of a run as decided.
-- params: run_id bigint, bucket smallint, planned_at timestamptz, policy_id integer, audience_users integer, enqueued_users integer, batch_count integer
-- returns: none
-- writes: run_bucket
INSERT INTO push.run_bucket (run_id, bucket, planned_at, policy_id, audience_users, enqueued_users, batch_count)
VALUES (
    CAST(:run_id AS bigint),
    CAST(:bucket AS smallint),
    CAST(:planned_at AS timestamptz),
    CAST(:policy_id AS integer),
    CAST(:audience_users AS integer),
    CAST(:enqueued_users AS integer),
    CAST(:batch_count AS integer)
)
