-- function_finish: records what became of positions, as often as needed; the batch is done when every position has an
--   end.
-- params: batch_id bigint, fence integer, positions smallint[], outcomes smallint[], reasons text[], installation_ids
--   text[], at timestamptz
-- returns: one (changed integer, is_done boolean)
-- writes: outcome, send_batch
-- why: one element per answer; several answers for a position (its installations) in one call. 2 accepted, 3 rejected,
--   4 unknown, 5 withheld;
--   1 = still under way on this installation, 0 = nothing left, try again later. The push takes the best of all its
--   answers.
--   An ended position only gets better; of a cancelled run nothing is tried again. Withheld needs no begin; it says nothing about pushes cancelled or expired
--   meanwhile. The states are computed before the answers are kept, so that they need not be read back; the first answers of
--   a claim cannot meet earlier ones (the batch's row is locked), and go in without ON CONFLICT, which costs half as much again.
CREATE OR REPLACE FUNCTION push.finish(
    batch_id bigint, fence integer, positions smallint[], outcomes smallint[], reasons text[] DEFAULT NULL,
    installation_ids text[] DEFAULT NULL, at timestamptz DEFAULT NULL,
    OUT changed integer, OUT is_done boolean
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    moment timestamptz := push.queue_moment(at);
    batch push.send_batch := push.lock_batch(finish.batch_id, finish.fence);
    states_before smallint[] := coalesce(batch.states, array_fill(0::smallint, ARRAY[batch.user_count]));
    states_after smallint[];
    open_positions smallint[];
    is_cancelled boolean := EXISTS (SELECT FROM push.run AS r WHERE r.run_id = batch.run_id AND r.status = 'cancelled');
    wrong smallint;
BEGIN
    IF cardinality(positions) <> cardinality(outcomes)
        OR cardinality(coalesce(reasons, array_fill(''::text, ARRAY[cardinality(positions)]))) <> cardinality(positions)
        OR cardinality(coalesce(installation_ids, array_fill(''::text, ARRAY[cardinality(positions)]))) <> cardinality(positions)
    THEN
        RAISE EXCEPTION 'Batch %: give as many outcomes, reasons and installations as positions.', finish.batch_id USING ERRCODE = 'PQ002';
    END IF;
    SELECT min(a.position) INTO wrong
    FROM unnest(positions, outcomes) AS a (position, outcome)
    WHERE push.rank_outcome(a.outcome) IS NULL OR a.position NOT BETWEEN 1 AND batch.user_count OR a.position IS NULL;
    IF wrong IS NOT NULL OR array_position(positions, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'Batch %, position %: positions go from 1 to %, outcomes from 0 to 5.', finish.batch_id, wrong, batch.user_count
            USING ERRCODE = 'PQ002';
    END IF;
    SELECT min(a.position) INTO wrong
    FROM unnest(positions, outcomes) AS a (position, outcome)
    WHERE a.outcome <> 5 AND states_before[a.position] IN (0, 6, 7);
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION 'Batch %, position %: it was not begun. Call begin and send only what it returns.', finish.batch_id, wrong
            USING ERRCODE = 'PQ002';
    END IF;

    SELECT coalesce(array_agg(a.position), '{}') INTO open_positions
    FROM unnest(positions, outcomes) AS a (position, outcome)
    WHERE a.outcome < 2 AND states_before[a.position] = 1;

    WITH answer AS (
        SELECT a.position, a.outcome
        FROM unnest(positions, outcomes) AS a (position, outcome)
        WHERE a.outcome >= 2 OR a.position = ANY(open_positions)
        UNION ALL
        SELECT o.position, o.outcome
        FROM push.outcome AS o
        WHERE o.run_day = batch.run_day AND o.batch_id = batch.batch_id AND o.position = ANY(positions)
            AND (o.attempt = batch.fence OR o.position <> ALL(open_positions))
    ),
    best AS (
        SELECT a.position, min(push.rank_outcome(a.outcome)) AS rank
        FROM answer AS a
        GROUP BY a.position
    )
    SELECT
        array_agg(
            CASE
                WHEN s.state IN (6, 7) THEN s.state
                WHEN b.rank = 4 AND is_cancelled THEN 7
                ELSE coalesce((ARRAY[2, 4, 1, 0, 3, 5])[b.rank], s.state)
            END::smallint
            ORDER BY s.position
        ),
        count(*) FILTER (WHERE s.state NOT IN (6, 7) AND b.rank <> push.rank_outcome(s.state))
    INTO states_after, changed
    FROM unnest(states_before) WITH ORDINALITY AS s (state, position)
    LEFT JOIN best AS b ON b.position = s.position;

    IF EXISTS (SELECT FROM push.outcome AS o WHERE o.run_day = batch.run_day AND o.batch_id = batch.batch_id AND o.attempt = batch.fence)
    THEN
        INSERT INTO push.outcome AS o (run_day, batch_id, position, installation_id, attempt, outcome, reason, ended_at)
        SELECT
            batch.run_day, batch.batch_id, e.push_position, e.installation_id, batch.fence, e.outcome, e.reason, moment
        FROM push.ended_answers(positions, outcomes, reasons, installation_ids, states_before) AS e
        ON CONFLICT (run_day, batch_id, position, installation_id, attempt) DO UPDATE
        SET outcome = excluded.outcome, reason = excluded.reason, ended_at = excluded.ended_at
        WHERE push.rank_outcome(excluded.outcome) < push.rank_outcome(o.outcome);
    ELSE
        INSERT INTO push.outcome (run_day, batch_id, position, installation_id, attempt, outcome, reason, ended_at)
        SELECT
            batch.run_day, batch.batch_id, e.push_position, e.installation_id, batch.fence, e.outcome, e.reason, moment
        FROM push.ended_answers(positions, outcomes, reasons, installation_ids, states_before) AS e;
    END IF;

    is_done := batch.status <> 'claimed' OR NOT (0 = ANY(states_after) OR 1 = ANY(states_after));
    IF changed > 0 THEN
        UPDATE push.send_batch AS b
        SET
            states = states_after,
            status = CASE WHEN b.status = 'claimed' AND is_done THEN 'done' ELSE b.status END,
            lease_until = CASE WHEN is_done THEN NULL ELSE b.lease_until END,
            done_at = CASE WHEN is_done THEN coalesce(b.done_at, moment) END
        WHERE b.run_day = batch.run_day AND b.batch_id = batch.batch_id;
    END IF;
END $$;
REVOKE ALL ON FUNCTION push.finish(bigint, integer, smallint[], smallint[], text[], text[], timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION push.finish(bigint, integer, smallint[], smallint[], text[], text[], timestamptz) TO pushline_sender;
