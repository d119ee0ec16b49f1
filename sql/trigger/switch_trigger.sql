-- switch_trigger: turn a trigger on or off.
-- params: name text, is_on boolean
-- returns: none
-- writes: trigger_rule
UPDATE push.trigger_rule
SET is_on = CAST(:is_on AS boolean)
WHERE name = CAST(:name AS text)
