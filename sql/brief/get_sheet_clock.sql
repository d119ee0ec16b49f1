-- get_sheet_clock: the last revision of the sheet that is committed.
-- params: none
-- returns: one (revision bigint)
-- writes: nothing
SELECT c.revision
FROM push.sheet_clock AS c
