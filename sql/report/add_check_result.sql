-- add_check_result: note what a check found.
-- params: check_name text, severity text, checked_at timestamptz, offending integer, sample jsonb
-- returns: none
-- writes: check_result
INSERT INTO push.check_result (check_name, severity, checked_at, offending, sample)
VALUES (
    CAST(:check_name AS text),
    CAST(:severity AS text),
    CAST(:checked_at AS timestamptz),
    CAST(:offending AS integer),
    CAST(:sample AS jsonb)
)
