-- list_run_acts: what was done to the runs of a brief, oldest first.
-- params: brief_id bigint
-- returns: many (run_id bigint, occasion timestamptz, happened_at timestamptz, who text, what text, reach bigint, low bigint, high bigint)
-- writes: nothing
SELECT
    a.run_id,
    a.occasion,
    a.happened_at,
    a.who,
    a.what,
    a.reach,
    a.low,
    a.high
FROM push.tell_run_acts(CAST(:brief_id AS bigint)) AS a
