-- get_run: everything frozen in a run that its decisions depend on.
-- params: run_id bigint
-- returns: one (run_id bigint, source_kind text, source_id bigint, title text, status text, push_class text, lane text, tags text[], is_counted boolean, limit_mode text, occasion timestamptz, local_time timestamp, due_at timestamptz, expires_at timestamptz, throttle integer, cool_down interval, salt bigint, variant_shares integer[], control_share integer, languages text[], wave_id bigint, planned_at timestamptz, snapshot_at timestamptz, reach_low integer, reach_high integer, largest_block integer)
-- writes: nothing
SELECT
    r.run_id,
    r.source_kind::text AS source_kind,
    r.source_id,
    r.title,
    r.status,
    r.class::text AS push_class,
    r.lane::text AS lane,
    r.tags,
    r.is_counted,
    r.limit_mode,
    r.occasion,
    r.local_time,
    r.due_at,
    r.expires_at,
    r.throttle,
    make_interval(secs => extract(EPOCH FROM r.cool_down)::float8) AS cool_down,
    r.salt,
    r.variant_shares,
    r.control_share,
    r.languages,
    r.wave_id,
    w.planned_at,
    r.snapshot_at,
    r.reach_low,
    r.reach_high,
    coalesce((SELECT max(cardinality(a.users)) FROM push.audience_block AS a WHERE a.run_id = r.run_id), 0) AS largest_block
FROM push.run AS r
LEFT JOIN push.wave AS w
    ON r.wave_id = w.wave_id
WHERE r.run_id = CAST(:run_id AS bigint)
