-- list_synced_until: how far each source was read.
-- params: none
-- returns: many (source text, synced_until timestamptz)
-- writes: nothing
SELECT
    s.source,
    s.synced_until
FROM push.sync_state AS s;
