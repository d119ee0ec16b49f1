-- The truth about people (person, consent, installation) and the one narrow row a user that the planner reads (recipient).
CREATE TABLE push.person (
    user_id bigint PRIMARY KEY CONSTRAINT user_id_is_positive CHECK (user_id > 0),
    language text,
    zone text,
    weekly_limit smallint CONSTRAINT weekly_limit_is_not_negative CHECK (weekly_limit >= 0),
    is_erased boolean NOT NULL DEFAULT false,
    changed_at timestamptz NOT NULL
);
COMMENT ON TABLE push.person IS 'One row a user, as the company told us; language and zone as written there.';

CREATE TABLE push.consent (
    user_id bigint NOT NULL,
    purpose text NOT NULL CONSTRAINT purpose_is_known CHECK (purpose IN ('marketing', 'service')),
    changed_at timestamptz NOT NULL,
    is_granted boolean NOT NULL,
    source text NOT NULL,
    PRIMARY KEY (user_id, purpose, changed_at)
);
COMMENT ON TABLE push.consent IS 'Append only: each change of a consent. The latest row a purpose is in force; none means not granted.';

CREATE TABLE push.installation (
    installation_id text PRIMARY KEY,
    user_id bigint,
    provider text NOT NULL,
    address_kind text NOT NULL,
    address text NOT NULL,
    platform text NOT NULL,
    app_version text,
    is_active boolean NOT NULL DEFAULT true,
    closed_reason text,
    last_seen_at timestamptz,
    changed_at timestamptz NOT NULL
);
COMMENT ON TABLE push.installation IS 'One app install with one push address; user_id is null while nobody is logged in.';
CREATE UNIQUE INDEX installation_one_live_owner_per_address
ON push.installation (address_kind, address) WHERE is_active;
CREATE INDEX installation_user_idx ON push.installation (user_id) WHERE user_id IS NOT NULL;

CREATE TABLE push.quarantine (
    quarantine_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    row_key text NOT NULL,
    reason text NOT NULL,
    seen_at timestamptz NOT NULL,
    solved_at timestamptz
);
COMMENT ON TABLE push.quarantine IS 'Rows of the company that could not be taken, each with the reason; without the personal values themselves.';
CREATE UNIQUE INDEX quarantine_open_idx ON push.quarantine (source, row_key, reason) WHERE solved_at IS NULL;

CREATE TABLE push.sync_state (
    source text PRIMARY KEY,
    synced_until timestamptz NOT NULL
);
COMMENT ON TABLE push.sync_state IS 'How far each source of people was read: the next sync takes what changed since.';

CREATE TABLE push.control_group (
    control_group_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    salt bigint NOT NULL,
    share integer NOT NULL CONSTRAINT share_is_basis_points CHECK (share BETWEEN 0 AND 10000),
    starts_at timestamptz NOT NULL,
    ends_at timestamptz
);
COMMENT ON TABLE push.control_group IS 'Global control groups: users who get no marketing or trigger pushes, to measure what all pushes together do.';
COMMENT ON COLUMN push.control_group.share IS 'Basis points: 100 = 1 %.';

CREATE TABLE push.control_member (
    user_id bigint NOT NULL,
    control_group_id integer NOT NULL REFERENCES push.control_group,
    member_since timestamptz NOT NULL,
    member_until timestamptz,
    PRIMARY KEY (user_id, control_group_id)
);
COMMENT ON TABLE push.control_member IS 'Dated membership: who was in the control group from when to when.';

CREATE TABLE push.recipient (
    bucket smallint NOT NULL,
    zone_id smallint NOT NULL DEFAULT 0,
    language_id smallint NOT NULL DEFAULT 0,
    consents smallint NOT NULL DEFAULT 0,
    weekly_limit smallint,
    user_id bigint NOT NULL,
    is_reachable boolean NOT NULL DEFAULT false,
    is_control boolean NOT NULL DEFAULT false,
    is_erased boolean NOT NULL DEFAULT false,
    PRIMARY KEY (bucket, user_id),
    CONSTRAINT recipient_bucket_is_right CHECK (bucket = push.bucket_of(user_id))
) PARTITION BY LIST (bucket);
COMMENT ON TABLE push.recipient IS
'All that the planner must know of a user; written in the same transaction as person, consent and installation.';
COMMENT ON COLUMN push.recipient.consents IS 'Bits: 1 = marketing, 2 = service.';
COMMENT ON COLUMN push.recipient.weekly_limit IS 'The user''s own limit per rolling 7 days over all counted classes; null = none.';

DO $$
DECLARE
    bucket integer;
BEGIN
    FOR bucket IN SELECT b.bucket FROM push.bucket_lock AS b ORDER BY 1 LOOP
        EXECUTE format(
            'CREATE TABLE push.recipient_%s PARTITION OF push.recipient FOR VALUES IN (%s) WITH (fillfactor = 85)', bucket, bucket
        );
    END LOOP;
END $$;
