-- function_rank_outcome: the order of outcomes when a push has several: 1 accepted, 2 unknown, 3 claimed, 4 waiting, 5
--   rejected, 6 withheld; the lowest wins.
-- params: outcome smallint
-- returns: one (rank_outcome integer)
-- writes: nothing
-- why: one subscript of a constant, and not STRICT: so Postgres writes it into the calling statement, where a call of its
--   own an answer took half of the time of finish. Null for null and for what is no outcome.
CREATE OR REPLACE FUNCTION push.rank_outcome(outcome smallint) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (ARRAY[4, 3, 1, 5, 2, 6])[outcome + 1];
