-- function_name_state: the state of a push in a word, from its batch's status and its position's state.
-- params: status text, state smallint
-- returns: one (name_state text)
-- writes: nothing
-- why: claimed = a taker has the batch and the push has no end yet, begun or not.
CREATE OR REPLACE FUNCTION push.name_state(status text, state smallint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
    WHEN coalesce(state, 0) < 2 THEN status
    ELSE (ARRAY['accepted', 'rejected', 'unknown', 'withheld', 'expired', 'cancelled'])[state - 1]
END;
