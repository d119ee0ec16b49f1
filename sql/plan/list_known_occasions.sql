-- list_known_occasions: occasions of a source that have a run already.
-- params: source_kind text, source_id bigint
-- returns: many (occasion timestamptz)
-- writes: nothing
SELECT r.occasion
FROM push.run AS r
WHERE r.source_kind = CAST(CAST(:source_kind AS text) AS push.source_kind) AND r.source_id = CAST(:source_id AS bigint)
