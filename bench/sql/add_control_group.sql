INSERT INTO push.control_group (salt, share, starts_at)
VALUES (20261121, 100, CAST(:now AS timestamptz))
