-- The send queue: queue, send log and truth of the caps at once; what became of each push; who paused what.
CREATE FUNCTION push.count_states(states smallint[]) RETURNS integer[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN ARRAY[
    cardinality(array_positions(states, 0::smallint)), cardinality(array_positions(states, 1::smallint)),
    cardinality(array_positions(states, 2::smallint)), cardinality(array_positions(states, 3::smallint)),
    cardinality(array_positions(states, 4::smallint)), cardinality(array_positions(states, 5::smallint)),
    cardinality(array_positions(states, 6::smallint)), cardinality(array_positions(states, 7::smallint))
];
COMMENT ON FUNCTION push.count_states IS 'How many positions are in each state: element s + 1 counts state s.';

CREATE TABLE push.send_batch (
    run_day date NOT NULL,
    batch_id bigint NOT NULL,
    run_id bigint NOT NULL,
    not_before timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    leave_by timestamptz NOT NULL,
    planned_at timestamptz NOT NULL,
    claimed_at timestamptz,
    lease_until timestamptz,
    done_at timestamptz,
    fence integer NOT NULL DEFAULT 0,
    user_count integer NOT NULL CONSTRAINT batch_is_not_empty CHECK (user_count > 0),
    class push.class NOT NULL,
    lane push.lane NOT NULL,
    bucket smallint NOT NULL,
    variant smallint NOT NULL,
    is_counted boolean NOT NULL,
    holds_slots boolean NOT NULL DEFAULT true,
    language text NOT NULL,
    status text NOT NULL DEFAULT 'waiting' CONSTRAINT batch_status_is_known CHECK (
        status IN ('waiting', 'claimed', 'done', 'cancelled', 'expired')
    ),
    worker text,
    tags text[] NOT NULL,
    users bigint[] NOT NULL,
    states smallint[],
    state_counts integer[] GENERATED ALWAYS AS (push.count_states(states)) STORED,
    PRIMARY KEY (run_day, batch_id),
    CONSTRAINT batch_states_match_users CHECK (states IS NULL OR cardinality(states) = user_count),
    CONSTRAINT batch_leaves_in_time CHECK (leave_by <= expires_at),
    CONSTRAINT claimed_batch_keeps_its_slots CHECK (holds_slots OR claimed_at IS NULL),
    CONSTRAINT claimed_batch_has_a_lease CHECK ((status = 'claimed') = (lease_until IS NOT NULL))
) PARTITION BY RANGE (run_day);
COMMENT ON TABLE push.send_batch IS
'Up to 1,000 pushes of one run, bucket, variant, language and not_before. Nobody but the planner inserts; takers change it by the functions of the contract only.';
COMMENT ON COLUMN push.send_batch.batch_id IS 'Derived: run_id * 2^24 + bucket * 2^14 + number within the bucket.';
COMMENT ON COLUMN push.send_batch.leave_by IS 'The earlier of expires_at and not_before + late_by: not claimed later.';
COMMENT ON COLUMN push.send_batch.holds_slots IS 'False once the whole batch was cancelled or expired without any claim ever: its slots are free again.';
COMMENT ON COLUMN push.send_batch.users IS 'One user a position (1-based); 0 where a person was erased.';
COMMENT ON COLUMN push.send_batch.states IS
'One state a position; null = all waiting. 0 waiting, 1 claimed (attempt begun), 2 accepted, 3 rejected, 4 unknown, 5 withheld, 6 expired, 7 cancelled.';
COMMENT ON COLUMN push.send_batch.state_counts IS
'Positions by state (element s + 1 counts state s), null while states is: the closed sum reads 8 numbers a batch, not 1,000.';
COMMENT ON COLUMN push.send_batch.fence IS
'Grows with each claim and whenever a claim ends early; an answer with an older fence changes nothing.';
ALTER TABLE push.send_batch ALTER users SET STORAGE EXTERNAL;
ALTER TABLE push.send_batch ALTER states SET STORAGE EXTERNAL;
CREATE INDEX send_batch_ledger_idx ON push.send_batch (bucket, not_before);
CREATE INDEX send_batch_claim_idx ON push.send_batch (lane, not_before, batch_id) WHERE status = 'waiting';
CREATE INDEX send_batch_lease_idx ON push.send_batch (lease_until) WHERE status = 'claimed';
CREATE INDEX send_batch_run_idx ON push.send_batch (run_id);

CREATE TABLE push.run_throttle (
    run_id bigint PRIMARY KEY REFERENCES push.run,
    free_at timestamptz[] NOT NULL DEFAULT '{}',
    pushes integer[] NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE push.run_throttle IS
'Of a run with a throttle: what was claimed in the last minute. The row is also the lock that keeps two takers from claiming past the throttle.';
COMMENT ON COLUMN push.run_throttle.free_at IS 'When each claim no longer counts: a minute later, or as many as the claim is bigger than the throttle.';
COMMENT ON COLUMN push.run_throttle.pushes IS 'Pushes of each claim.';

CREATE TABLE push.batch_field (
    run_day date NOT NULL,
    batch_id bigint NOT NULL,
    gone_after timestamptz NOT NULL,
    fields text[] NOT NULL,
    PRIMARY KEY (run_day, batch_id)
);
COMMENT ON TABLE push.batch_field IS
'Personal fields for the texts, aligned with send_batch.users: one JSON array a user, in the order of run.field_names. Gone two days after expires_at.';
ALTER TABLE push.batch_field ALTER fields SET STORAGE EXTERNAL;
CREATE INDEX batch_field_gone_idx ON push.batch_field (gone_after);

CREATE TABLE push.outcome (
    run_day date NOT NULL,
    batch_id bigint NOT NULL,
    position smallint NOT NULL,
    installation_id text NOT NULL DEFAULT '',
    attempt smallint NOT NULL,
    outcome smallint NOT NULL,
    reason text NOT NULL DEFAULT '',
    ended_at timestamptz NOT NULL,
    PRIMARY KEY (run_day, batch_id, position, installation_id, attempt)
) PARTITION BY RANGE (run_day);
COMMENT ON TABLE push.outcome IS
'What the provider answered for one push on one installation; outcome is 2 accepted, 3 rejected, 4 unknown or 5 withheld, as the states of send_batch.';
COMMENT ON COLUMN push.outcome.installation_id IS 'Empty when the answer is about the push as a whole: withheld, or its sender vanished.';
COMMENT ON COLUMN push.outcome.attempt IS 'The fence of the claim in which it was tried.';

CREATE TABLE push.receipt (
    run_day date NOT NULL,
    batch_id bigint NOT NULL,
    position smallint NOT NULL,
    kind text NOT NULL CONSTRAINT receipt_kind_is_known CHECK (kind IN ('delivered', 'opened', 'unsubscribed', 'converted')),
    received_at timestamptz NOT NULL,
    insert_id text NOT NULL,
    PRIMARY KEY (run_day, batch_id, position, kind, insert_id)
) PARTITION BY RANGE (run_day);
COMMENT ON TABLE push.receipt IS 'What came back later for a push.';

CREATE TABLE push.pause (
    pause_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    scope text NOT NULL CONSTRAINT pause_scope_is_known CHECK (scope IN ('all', 'lane', 'run')),
    lane push.lane,
    run_id bigint REFERENCES push.run,
    paused_by text NOT NULL,
    paused_at timestamptz NOT NULL,
    resumed_by text,
    resumed_at timestamptz,
    CONSTRAINT pause_names_its_scope CHECK ((scope = 'lane') = (lane IS NOT NULL) AND (scope = 'run') = (run_id IS NOT NULL))
);
COMMENT ON TABLE push.pause IS 'What is paused: effective on the next claim and on begin.';
CREATE UNIQUE INDEX pause_once_idx ON push.pause (scope, lane, run_id) NULLS NOT DISTINCT WHERE resumed_at IS NULL;

CREATE TABLE push.event (
    event_day date NOT NULL,
    insert_id text NOT NULL,
    user_id bigint NOT NULL,
    name text NOT NULL,
    happened_at timestamptz NOT NULL,
    properties jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (event_day, insert_id)
) PARTITION BY RANGE (event_day);
COMMENT ON TABLE push.event IS 'What users did, as the app''s backend tells; insert_id makes a repeat harmless.';

CREATE FUNCTION push.create_partitions(from_day date, until_day date) RETURNS integer LANGUAGE plpgsql AS $$
-- Weekly partitions (Monday to Monday): a 30-day window plus deferral touches about nine of them, daily ones would be sixty.
DECLARE
    parent text;
    week date;
    child text;
    created integer := 0;
BEGIN
    FOREACH parent IN ARRAY ARRAY['send_batch', 'outcome', 'receipt', 'event'] LOOP
        FOR week IN SELECT generate_series(date_trunc('week', from_day), until_day, interval '7 days')::date LOOP
            child := parent || '_' || to_char(week, 'YYYYMMDD');
            IF to_regclass('push.' || child) IS NULL THEN
                EXECUTE format('CREATE TABLE push.%I PARTITION OF push.%I FOR VALUES FROM (%L) TO (%L)', child, parent, week, week + 7);
                created := created + 1;
            END IF;
        END LOOP;
    END LOOP;
    RETURN created;
END $$;
COMMENT ON FUNCTION push.create_partitions IS 'Makes the weekly partitions that cover the days; returns how many were new.';
SELECT push.create_partitions((current_date - 63), (current_date + 35));
