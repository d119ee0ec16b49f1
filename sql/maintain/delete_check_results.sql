-- delete_check_results: let go of results of checks that are older than three months.
-- params: now timestamptz
-- returns: none
-- writes: check_result
DELETE FROM push.check_result
WHERE checked_at < CAST(:now AS timestamptz) - interval '90 days'
