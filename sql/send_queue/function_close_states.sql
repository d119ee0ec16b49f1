-- function_close_states: the states of a batch of which what still waits is expired (6) or cancelled (7).
-- params: run_day date, batch_id bigint, states smallint[], user_count integer, ending smallint
-- returns: one (close_states smallint[])
-- writes: nothing
-- why: a push that was begun once and waits to be sent again may have arrived: it ends as its best outcome so far, not
--   as "never left".
CREATE OR REPLACE FUNCTION push.close_states(run_day date, batch_id bigint, states smallint[], user_count integer, ending smallint)
RETURNS smallint[]
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    SELECT
        array_agg(
            CASE
                WHEN s.state <> 0 THEN s.state
                ELSE coalesce(
                    (
                        SELECT o.outcome
                        FROM push.outcome AS o
                        WHERE o.run_day = close_states.run_day AND o.batch_id = close_states.batch_id AND o.position = s.position
                            AND o.outcome IN (2, 4)
                        ORDER BY o.outcome
                        LIMIT 1
                    ),
                    ending
                )
            END
            ORDER BY s.position
        )
    FROM unnest(coalesce(states, array_fill(0::smallint, ARRAY[user_count]))) WITH ORDINALITY AS s (state, position);
END;
REVOKE ALL ON FUNCTION push.close_states(date, bigint, smallint[], integer, smallint) FROM public;
GRANT EXECUTE ON FUNCTION push.close_states(date, bigint, smallint[], integer, smallint) TO pushline_planner;
