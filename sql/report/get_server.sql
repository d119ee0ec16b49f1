-- get_server: what `doctor` looks at first: server, sizes, the project's zone, whether there is a policy, how old the people's sync is.
-- params: now timestamptz
-- returns: one (version text, version_number integer, encoding text, server_now timestamptz, database_size bigint, project_zone text, has_project_zone boolean, policy_from timestamptz, synced_until timestamptz, recipients boolean)
-- writes: nothing
SELECT
    split_part(current_setting('server_version'), ' ', 1) AS version,
    current_setting('server_version_num')::integer AS version_number,
    current_setting('server_encoding') AS encoding,
    clock_timestamp() AS server_now,
    pg_database_size(current_database()) AS database_size,
    s.project_zone,
    EXISTS(SELECT FROM push.zone AS z WHERE z.name = s.project_zone) AS has_project_zone,
    (SELECT max(p.valid_from) FROM push.policy AS p WHERE p.valid_from <= CAST(:now AS timestamptz)) AS policy_from,
    (SELECT min(y.synced_until) FROM push.sync_state AS y) AS synced_until,
    EXISTS(SELECT FROM push.recipient) AS recipients
FROM push.setting AS s
