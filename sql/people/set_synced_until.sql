-- set_synced_until: remember how far a source was read.
-- params: source text, synced_until timestamptz
-- returns: none
-- writes: push.sync_state
INSERT INTO push.sync_state AS s (source, synced_until)
VALUES (CAST(:source AS text), CAST(:synced_until AS timestamptz))
ON CONFLICT (source) DO UPDATE SET synced_until = greatest(s.synced_until, excluded.synced_until);
