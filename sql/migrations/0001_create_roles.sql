-- Roles by least privilege, and the schema. Passwords are set by `pushline init`, never here.
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY[
        'pushline_planner', 'pushline_sender', 'pushline_producer', 'pushline_audience', 'pushline_bi'
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = role_name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', role_name);
        END IF;
    END LOOP;
END $$;

CREATE SCHEMA push;
COMMENT ON SCHEMA push IS 'Push campaigns: people, policy, runs, the send queue and what came back.';
REVOKE ALL ON SCHEMA public FROM public;

CREATE TYPE push.class AS ENUM ('marketing', 'trigger', 'transactional');
COMMENT ON TYPE push.class IS 'What consent a push needs and which caps count it.';
CREATE TYPE push.lane AS ENUM ('trigger', 'marketing');
COMMENT ON TYPE push.lane IS 'Which queue a push travels in; the order is the order of claiming.';
CREATE TYPE push.source_kind AS ENUM ('brief', 'trigger', 'foreign');
COMMENT ON TYPE push.source_kind IS 'Whose occasion a run is.';
