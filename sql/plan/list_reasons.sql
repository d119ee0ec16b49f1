-- list_reasons: why a user of an audience may get nothing, in the fixed order of judging.
-- params: none
-- returns: many (reason smallint, code text)
-- writes: nothing
SELECT
    r.reason,
    r.code
FROM push.reason AS r
ORDER BY r.reason
