-- next_brief_number: give the next number of C-YYYY-NNN in a year; never the same twice.
-- params: year smallint
-- returns: one (last_number integer)
-- writes: brief_number
INSERT INTO push.brief_number AS n (year, last_number)
VALUES (CAST(:year AS smallint), 1)
ON CONFLICT (year) DO UPDATE SET last_number = n.last_number + 1
RETURNING n.last_number
