-- tick_sheet_clock: take the next revision of the sheet; others who save wait until this transaction ends.
-- params: none
-- returns: one (revision bigint)
-- writes: sheet_clock
UPDATE push.sheet_clock SET revision = revision + 1 RETURNING revision
