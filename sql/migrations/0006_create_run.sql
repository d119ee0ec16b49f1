-- Runs: one occasion being planned and sent; its audience, its decisions, and the offers of other teams.
CREATE TABLE push.wave (
    wave_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lane push.lane NOT NULL,
    planned_at timestamptz NOT NULL,
    finished_at timestamptz,
    dag_id text,
    dag_run_id text
);
COMMENT ON TABLE push.wave IS 'All approved runs that were due at one tick, planned together by priority.';
COMMENT ON COLUMN push.wave.dag_run_id IS 'The Airflow run that planned it, so that its page can show the funnels; null when a command did.';
CREATE INDEX wave_dag_run_idx ON push.wave (dag_id, dag_run_id) WHERE dag_run_id IS NOT NULL;

CREATE TABLE push.run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_kind push.source_kind NOT NULL,
    source_id bigint NOT NULL,
    occasion timestamptz NOT NULL,
    run_day date NOT NULL GENERATED ALWAYS AS ((occasion AT TIME ZONE 'UTC')::date) STORED,
    version integer NOT NULL,
    content_hash text NOT NULL,
    title text NOT NULL,
    status text NOT NULL DEFAULT 'waiting' CONSTRAINT run_status_is_known CHECK (
        status IN ('waiting', 'held', 'planning', 'planned', 'set_aside', 'cancelled', 'expired')
    ),
    status_note text NOT NULL DEFAULT '',
    class push.class NOT NULL,
    lane push.lane NOT NULL,
    tags text[] NOT NULL DEFAULT '{}',
    is_counted boolean NOT NULL,
    priority smallint NOT NULL DEFAULT 5,
    limit_mode text NOT NULL DEFAULT 'drop' CONSTRAINT limit_mode_is_known CHECK (limit_mode IN ('drop', 'defer')),
    local_time timestamp,
    due_at timestamptz NOT NULL,
    ttl interval NOT NULL,
    expires_at timestamptz NOT NULL,
    control_share integer NOT NULL DEFAULT 0 CONSTRAINT control_share_is_basis_points CHECK (control_share BETWEEN 0 AND 10000),
    variant_shares integer[] NOT NULL DEFAULT '{10000}',
    salt bigint NOT NULL,
    max_users integer CONSTRAINT max_users_is_positive CHECK (max_users > 0),
    throttle integer CONSTRAINT throttle_is_positive CHECK (throttle > 0),
    resend_unknown boolean NOT NULL DEFAULT false,
    cool_down interval,
    audience_name text,
    audience_parameters jsonb NOT NULL DEFAULT '{}',
    exclusions jsonb NOT NULL DEFAULT '[]',
    sql_hash text,
    languages text[] NOT NULL DEFAULT '{}',
    field_names text[] NOT NULL DEFAULT '{}',
    reach_low integer,
    reach_high integer,
    reach integer,
    reach_approved_by text,
    wave_id bigint REFERENCES push.wave,
    snapshot_at timestamptz,
    audience_rows bigint,
    audience_users integer,
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    closed_at timestamptz,
    CONSTRAINT run_key UNIQUE (source_kind, source_id, occasion),
    CONSTRAINT transactional_is_not_counted CHECK (class <> 'transactional' OR NOT is_counted),
    CONSTRAINT lane_follows_class CHECK ((lane = 'marketing') = (class = 'marketing')),
    CONSTRAINT variant_shares_end_at_whole CHECK (variant_shares[cardinality(variant_shares)] = 10000)
);
COMMENT ON TABLE push.run IS 'Everything that a decision depends on, frozen; later edits of the brief make a new version and never change a run that began.';
COMMENT ON COLUMN push.run.occasion IS 'The planned slot; for a local_time run its wall clock read in the zone of the project.';
COMMENT ON COLUMN push.run.local_time IS 'Wall clock of each user, when the run follows the users'' own clocks.';
COMMENT ON COLUMN push.run.due_at IS 'From when it may be planned: the occasion, or when the first zone on earth reaches local_time.';
COMMENT ON COLUMN push.run.salt IS 'Of the source, not of the run: a user keeps the variant when a brief repeats.';
COMMENT ON COLUMN push.run.variant_shares IS 'Cumulative basis points, the last is 10000.';
COMMENT ON COLUMN push.run.audience_rows IS 'Rows the audience SQL returned; more than audience_users when users came twice.';
COMMENT ON COLUMN push.run.throttle IS 'At most this many pushes a minute: the planner spreads not_before, claiming keeps to it.';
COMMENT ON COLUMN push.run.resend_unknown IS
'False: at most once, a push whose sender vanished ends as unknown. True: it is tried again, the user may see it twice.';
COMMENT ON COLUMN push.run.closed_at IS
'Of a cancelled or expired run: since when no bucket is undone and no batch waits. Until then housekeeping goes on closing it.';
COMMENT ON COLUMN push.run.sql_hash IS 'sha256 over audience and exclusion SQL as approved.';
CREATE INDEX run_due_idx ON push.run (due_at) WHERE status IN ('waiting', 'held', 'planning', 'set_aside');
CREATE INDEX run_throttle_idx ON push.run (expires_at) WHERE throttle IS NOT NULL;
CREATE INDEX run_cancelled_idx ON push.run (expires_at) WHERE status = 'cancelled';
CREATE INDEX run_unclosed_idx ON push.run (run_id) WHERE status IN ('cancelled', 'expired') AND closed_at IS NULL;
CREATE INDEX run_source_idx ON push.run (source_kind, source_id, occasion DESC);

CREATE TABLE push.run_text (
    run_id bigint NOT NULL REFERENCES push.run,
    variant smallint NOT NULL,
    language text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    link text NOT NULL DEFAULT '',
    image_url text NOT NULL DEFAULT '',
    PRIMARY KEY (run_id, variant, language)
);
COMMENT ON TABLE push.run_text IS 'Shared content of the run''s batches: Liquid texts, the link already tagged with UTM.';

CREATE TABLE push.audience_block (
    run_id bigint NOT NULL REFERENCES push.run,
    bucket smallint NOT NULL,
    users bigint[] NOT NULL,
    excluded bigint[] NOT NULL DEFAULT '{}',
    over_max bigint[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (run_id, bucket)
);
COMMENT ON TABLE push.audience_block IS 'The snapshot: distinct users of the audience by bucket. The three arrays share no user.';
ALTER TABLE push.audience_block ALTER users SET STORAGE EXTERNAL;
ALTER TABLE push.audience_block ALTER excluded SET STORAGE EXTERNAL;
ALTER TABLE push.audience_block ALTER over_max SET STORAGE EXTERNAL;

CREATE TABLE push.audience_field (
    run_id bigint NOT NULL,
    bucket smallint NOT NULL,
    fields text[] NOT NULL,
    PRIMARY KEY (run_id, bucket),
    FOREIGN KEY (run_id, bucket) REFERENCES push.audience_block
);
COMMENT ON TABLE push.audience_field IS
'Personal fields for the texts, aligned with audience_block.users: one JSON array a user, in the order of run.field_names. Short-lived.';
ALTER TABLE push.audience_field ALTER fields SET STORAGE EXTERNAL;

CREATE TABLE push.reason (
    reason smallint PRIMARY KEY,
    code text NOT NULL UNIQUE,
    sentence text NOT NULL
);
COMMENT ON TABLE push.reason IS 'Why a user of the audience gets nothing; the number is also the fixed order of judging.';
INSERT INTO push.reason (reason, code, sentence) VALUES
(1, 'excluded', 'is in an audience that this brief leaves out'),
(2, 'over_max_users', 'fell outside the brief''s limit of users'),
(3, 'unknown_user', 'is not known to Pushline'),
(4, 'erased', 'asked to be erased'),
(5, 'no_consent', 'has not agreed to this kind of push'),
(6, 'unreachable', 'has no device with a working push address'),
(7, 'control_global', 'is in the global control group'),
(8, 'no_text', 'reads no language that the brief has a text for'),
(9, 'throttled', 'would come after the deadline at the brief''s pushes per minute'),
(10, 'local_time_passed', 'the local hour had passed, and the next one is after the deadline'),
(11, 'quiet_hours', 'it is quiet time where the user lives'),
(12, 'minimum_gap', 'another push is too close in time'),
(13, 'own_limit', 'reached the limit that the user chose'),
(14, 'capped', 'reached a cap rule'),
(15, 'cool_down', 'got the same trigger recently'),
(16, 'control_campaign', 'is in the control group of this brief'),
(17, 'run_cancelled', 'the run was cancelled before this user was decided'),
(18, 'run_expired', 'the run expired before this user was decided');

CREATE TABLE push.run_bucket (
    run_id bigint NOT NULL REFERENCES push.run,
    bucket smallint NOT NULL,
    planned_at timestamptz NOT NULL,
    policy_id integer REFERENCES push.policy,
    audience_users integer NOT NULL,
    enqueued_users integer NOT NULL,
    batch_count integer NOT NULL,
    PRIMARY KEY (run_id, bucket)
);
COMMENT ON TABLE push.run_bucket IS 'The mark: this bucket of the run is decided. Its key guards that a user is decided once a run.';

CREATE TABLE push.decision_block (
    run_id bigint NOT NULL REFERENCES push.run,
    bucket smallint NOT NULL,
    reason smallint NOT NULL REFERENCES push.reason,
    rule_no smallint NOT NULL DEFAULT 0,
    user_count integer NOT NULL,
    users bigint[] NOT NULL,
    PRIMARY KEY (run_id, bucket, reason, rule_no)
);
COMMENT ON TABLE push.decision_block IS 'Who of the bucket was left out and why; the cap rule''s number when the reason is a cap.';
ALTER TABLE push.decision_block ALTER users SET STORAGE EXTERNAL;

CREATE TABLE push.set_aside (
    run_id bigint NOT NULL REFERENCES push.run,
    bucket smallint NOT NULL DEFAULT -1,
    failed_at timestamptz NOT NULL,
    error text NOT NULL,
    PRIMARY KEY (run_id, bucket)
);
COMMENT ON TABLE push.set_aside IS 'What failed in a run (bucket -1: before any bucket); resuming the run clears it.';

CREATE TABLE push.offer (
    offer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    team text NOT NULL,
    occasion_key text NOT NULL,
    offered_at timestamptz NOT NULL,
    offered_by text NOT NULL,
    content_hash text NOT NULL,
    CONSTRAINT offer_key UNIQUE (team, occasion_key)
);
COMMENT ON TABLE push.offer IS 'What other teams asked to send; each becomes a run of kind foreign under the same law.';
