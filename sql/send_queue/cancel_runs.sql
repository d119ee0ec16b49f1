-- cancel_runs: marks runs as cancelled, by id, by lane or all; from now on nothing of them is claimed or begun.
-- params: run_ids bigint[], lane push.lane, who text, now timestamptz
-- returns: many (run_id bigint)
-- writes: run, audit_log
SELECT c.run_id
FROM push.cancel_runs(
    CAST(:run_ids AS bigint[]), CAST(:lane AS push.lane), CAST(:who AS text), CAST(:now AS timestamptz)
) AS c
ORDER BY c.run_id
