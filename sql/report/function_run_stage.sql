-- function_run_stage: how far a run is, for people: a planned run is being sent until nothing of it waits or is in the hands of a taker.
-- params: status text, under_way bigint
-- returns: one (run_stage text)
-- writes: nothing
-- why: `push.run.status` ends with the planning; the words are those of the brief that it belongs to.
CREATE OR REPLACE FUNCTION push.run_stage(status text, under_way bigint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$
    SELECT CASE WHEN status <> 'planned' THEN status WHEN under_way > 0 THEN 'sending' ELSE 'sent' END
$$;
