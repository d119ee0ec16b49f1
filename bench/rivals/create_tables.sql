-- What a rival reads of the past, and where it puts its pushes: tables as one would make them by hand. A push goes into the log
-- when it is queued, since a campaign that is planned before this one was sent has to count it.
DROP SCHEMA IF EXISTS rival CASCADE;
CREATE SCHEMA rival;
CREATE TABLE rival.campaign AS SELECT CAST(:at AS timestamptz) AS at;
CREATE TABLE rival.send_log AS
SELECT
    b.run_id,
    u.user_id,
    b.not_before AS sent_at,
    b.class::text AS class,
    'sale' = ANY(b.tags) AS is_sale
FROM push.send_batch AS b
CROSS JOIN LATERAL unnest(b.users) AS u (user_id)
WHERE b.is_counted AND b.holds_slots;
CREATE INDEX ON rival.send_log (sent_at);
CREATE TABLE rival.queue (
    push_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id bigint NOT NULL,
    user_id bigint NOT NULL,
    installation_id text NOT NULL,
    variant smallint NOT NULL,
    language text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    link text NOT NULL,
    address text NOT NULL,
    not_before timestamptz NOT NULL,
    UNIQUE (run_id, installation_id)
);
CREATE TABLE rival.decision (
    run_id bigint NOT NULL,
    user_id bigint NOT NULL,
    reason text NOT NULL,
    rule_no smallint NOT NULL,
    PRIMARY KEY (run_id, user_id)
);
ANALYZE rival.send_log
