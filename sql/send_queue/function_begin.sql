-- function_begin: commits the attempt before bytes leave: marks positions as begun and returns those that may leave.
-- params: batch_id bigint, fence integer, positions smallint[], at timestamptz
-- returns: one (may_leave smallint[], refused_because text)
-- writes: send_batch
-- why: this is the last gate, so it looks again at what may have changed since the claim: cancelled, paused, too late,
--   erased, its approval taken back (which is a pause for the taker: another approval ends it).
--   refused_because: null when all that was asked for may leave; cancelled, paused, expired (nothing may leave); ended
--   (the batch has
--   ended); position (some had begun, ended or been erased). positions null = all that wait.
CREATE OR REPLACE FUNCTION push.begin(
    batch_id bigint, fence integer, positions smallint[] DEFAULT NULL, at timestamptz DEFAULT NULL,
    OUT may_leave smallint[], OUT refused_because text
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    moment timestamptz := push.queue_moment(at);
    batch push.send_batch := push.lock_batch(begin.batch_id, begin.fence);
    asked integer;
    known_states smallint[] := coalesce(batch.states, array_fill(0::smallint, ARRAY[batch.user_count]));
BEGIN
    may_leave := '{}';
    refused_because := CASE
        WHEN EXISTS (SELECT FROM push.run AS r WHERE r.run_id = batch.run_id AND r.status = 'cancelled') THEN 'cancelled'
        WHEN batch.status <> 'claimed' THEN 'ended'
        WHEN batch.leave_by <= moment THEN 'expired'
        WHEN push.is_paused(batch.lane, batch.run_id) THEN 'paused'
        WHEN push.list_unapproved_runs(ARRAY[batch.run_id]) <> '{}' THEN 'paused'
    END;
    IF refused_because IS NOT NULL THEN
        RETURN;
    END IF;

    SELECT
        coalesce(array_agg(p.position::smallint ORDER BY p.position) FILTER (WHERE p.state = 0 AND p.user_id <> 0), '{}'),
        CASE
            WHEN positions IS NULL THEN count(*) FILTER (WHERE p.state = 0)
            ELSE (SELECT count(DISTINCT a) FROM unnest(positions) AS a)
        END
    INTO may_leave, asked
    FROM unnest(batch.users, known_states) WITH ORDINALITY AS p (user_id, state, position)
    WHERE positions IS NULL OR p.position = ANY(positions);

    IF cardinality(may_leave) < asked THEN
        refused_because := 'position';
    END IF;
    IF may_leave <> '{}' THEN
        UPDATE push.send_batch AS b
        SET states = (
            SELECT array_agg(CASE WHEN l.position IS NULL THEN s.state ELSE 1 END::smallint ORDER BY s.position)
            FROM unnest(known_states) WITH ORDINALITY AS s (state, position)
            LEFT JOIN unnest(may_leave) AS l (position) ON l.position = s.position
        )
        WHERE b.run_day = batch.run_day AND b.batch_id = batch.batch_id;
    END IF;
END $$;
REVOKE ALL ON FUNCTION push.begin(bigint, integer, smallint[], timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION push.begin(bigint, integer, smallint[], timestamptz) TO pushline_sender;
