-- list_check_results: what each check found when it last ran.
-- params: none
-- returns: many (check_name text, severity text, checked_at timestamptz, offending integer, sample jsonb)
-- writes: nothing
SELECT DISTINCT ON (c.check_name)
    c.check_name,
    c.severity,
    c.checked_at,
    c.offending,
    c.sample
FROM push.check_result AS c
ORDER BY c.check_name, c.checked_at DESC, c.check_result_id DESC
