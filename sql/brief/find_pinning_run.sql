-- find_pinning_run: a run that pins the version of a brief, null when it may be edited; until the transaction ends nobody of its runs is decided.
-- params: brief_id bigint, repeats boolean
-- returns: one (run_id bigint)
-- writes: nothing
SELECT push.find_pinning_run(CAST(:brief_id AS bigint), CAST(:repeats AS boolean)) AS run_id
