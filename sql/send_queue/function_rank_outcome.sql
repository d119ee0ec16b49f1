-- function_rank_outcome: the order of outcomes when a push has several: 1 accepted, 2 unknown, 3 claimed, 4 waiting, 5
--   rejected, 6 withheld; the lowest wins.
-- params: outcome smallint
-- returns: one (rank_outcome integer)
-- writes: nothing
CREATE OR REPLACE FUNCTION push.rank_outcome(outcome smallint) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN array_position(ARRAY[2, 4, 1, 0, 3, 5]::smallint[], outcome);
