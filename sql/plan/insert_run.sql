-- insert_run: make the run of one occasion; the same occasion again makes nothing.
-- params: source_kind text, source_id bigint, occasion timestamptz, version integer, content_hash text, title text, status text, push_class text, lane text, tags text[], is_counted boolean, priority smallint, limit_mode text, local_time timestamp, due_at timestamptz, ttl interval, expires_at timestamptz, control_share integer, variant_shares integer[], salt bigint, max_users integer, throttle integer, cool_down interval, audience_name text, audience_parameters jsonb, exclusions jsonb, sql_hash text, languages text[], field_names text[], reach_low integer, reach_high integer, now timestamptz
-- returns: one (run_id bigint)
-- writes: run
INSERT INTO push.run (
    source_kind, source_id, occasion, version, content_hash, title, status, class, lane, tags, is_counted, priority, limit_mode,
    local_time, due_at, ttl, expires_at, control_share, variant_shares, salt, max_users, throttle, cool_down,
    audience_name, audience_parameters, exclusions, sql_hash, languages, field_names, reach_low, reach_high, created_at
)
VALUES (
    CAST(CAST(:source_kind AS text) AS push.source_kind),
    CAST(:source_id AS bigint),
    CAST(:occasion AS timestamptz),
    CAST(:version AS integer),
    CAST(:content_hash AS text),
    CAST(:title AS text),
    CAST(:status AS text),
    CAST(CAST(:push_class AS text) AS push.class),
    CAST(CAST(:lane AS text) AS push.lane),
    CAST(:tags AS text[]),
    CAST(:is_counted AS boolean),
    CAST(:priority AS smallint),
    CAST(:limit_mode AS text),
    CAST(:local_time AS timestamp),
    CAST(:due_at AS timestamptz),
    CAST(:ttl AS interval),
    CAST(:expires_at AS timestamptz),
    CAST(:control_share AS integer),
    CAST(:variant_shares AS integer[]),
    CAST(:salt AS bigint),
    CAST(:max_users AS integer),
    CAST(:throttle AS integer),
    CAST(:cool_down AS interval),
    CAST(:audience_name AS text),
    CAST(:audience_parameters AS jsonb),
    CAST(:exclusions AS jsonb),
    CAST(:sql_hash AS text),
    CAST(:languages AS text[]),
    CAST(:field_names AS text[]),
    CAST(:reach_low AS integer),
    CAST(:reach_high AS integer),
    CAST(:now AS timestamptz)
)
ON CONFLICT (source_kind, source_id, occasion) DO NOTHING
RETURNING run_id
