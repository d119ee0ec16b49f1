-- add_control_group: one global control group, when there is none yet.
-- params: share integer, salt bigint, now timestamptz
-- returns: none
-- writes: control_group
INSERT INTO push.control_group (salt, share, starts_at)
SELECT
    CAST(:salt AS bigint),
    CAST(:share AS integer),
    CAST(:now AS timestamptz)
WHERE NOT EXISTS (SELECT FROM push.control_group AS g WHERE g.ends_at IS NULL)
