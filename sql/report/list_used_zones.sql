-- list_used_zones: the names of zones that people live in.
-- params: none
-- returns: many (name text)
-- writes: nothing
SELECT z.name
FROM push.zone AS z
WHERE z.is_used AND z.zone_id > 0
ORDER BY z.name
