-- Reach estimates: what the page asked to count, how far it is, and the last numbers.
CREATE TABLE push.reach_estimate (
    campaign_code text PRIMARY KEY,
    state text NOT NULL CONSTRAINT reach_state_is_known CHECK (
        state IN ('queued', 'running', 'ready', 'failed', 'cancelled')
    ),
    request_no integer NOT NULL DEFAULT 1,
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL,
    beat_at timestamptz,
    buckets_done integer NOT NULL DEFAULT 0,
    buckets_total integer NOT NULL DEFAULT 0,
    fault_code text NOT NULL DEFAULT '',
    fault text NOT NULL DEFAULT '',
    as_of timestamptz,
    planned_for timestamptz,
    version integer,
    content_hash text,
    audience integer,
    will_get integer,
    parts jsonb NOT NULL DEFAULT '[]',
    by_variant jsonb NOT NULL DEFAULT '{}',
    by_language jsonb NOT NULL DEFAULT '{}',
    takers jsonb,
    milliseconds integer,
    CONSTRAINT reach_result_is_whole CHECK (
        (as_of IS NULL AND will_get IS NULL)
        OR (as_of IS NOT NULL AND planned_for IS NOT NULL AND version IS NOT NULL AND content_hash IS NOT NULL
            AND audience IS NOT NULL AND will_get IS NOT NULL)
    ),
    CONSTRAINT reach_ready_has_a_result CHECK (state <> 'ready' OR as_of IS NOT NULL)
);
COMMENT ON TABLE push.reach_estimate IS
'One row a brief: the request that counts it now and the last numbers that were counted; a new request keeps them until it is ready.';
COMMENT ON COLUMN push.reach_estimate.request_no IS
'Grows with each request. Whoever counts for an older one writes nothing more.';
COMMENT ON COLUMN push.reach_estimate.beat_at IS
'Server clock of the last sign of life of whoever counts; when it is old, somebody else counts anew.';
COMMENT ON COLUMN push.reach_estimate.fault_code IS 'Set when the page has this sentence in every language; fault is its English text.';
COMMENT ON COLUMN push.reach_estimate.planned_for IS 'The moment of sending for which it was decided who gets it.';
COMMENT ON COLUMN push.reach_estimate.parts IS
'Who is left out, in the order of judging: [{"reason", "rule_no", "rule_title", "users"}]; audience = will_get + their users.';
COMMENT ON COLUMN push.reach_estimate.by_variant IS 'will_get by number of the variant, 0 = A.';
COMMENT ON COLUMN push.reach_estimate.takers IS
'Per cap, gap or own limit that stops people: which runs hold slots of this audience. Null until counted; each says whether it is a sample.';

-- The law "one at a time" is the database's: two workers, one of them loses.
CREATE UNIQUE INDEX reach_one_running_idx ON push.reach_estimate ((true)) WHERE state = 'running';

GRANT SELECT, INSERT, UPDATE, DELETE ON push.reach_estimate TO pushline_planner;
