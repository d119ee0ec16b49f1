-- function_claim: gives a taker the next batches that are due, with a fence and a lease; the trigger lane first.
-- params: worker text, lanes push.lane[], max_batches integer, lease interval, at timestamptz
-- returns: many (batch_id bigint, run_day date, fence integer, run_id bigint, lane push.lane, class push.class,
--   variant smallint, language text, title text, body text, link text, image_url text, field_names text[], users
--   bigint[], fields text[], states smallint[], not_before timestamptz, expires_at timestamptz, leave_by timestamptz,
--   lease_until timestamptz)
-- writes: send_batch, run_throttle, outcome
-- why: leases that ran out are taken back first, so that the queue moves on by itself when a taker died. Batches are
--   found again
--   by arrays of run_day and batch_id, never by a join: that keeps it at index probes in the few partitions that matter.
--   Whether their runs are still approved is asked of those that were picked: withdrawn runs are rare, and only where one
--   stands in front is picked once more, without it.
CREATE OR REPLACE FUNCTION push.claim(
    worker text, lanes push.lane[], max_batches integer, lease interval, at timestamptz DEFAULT NULL
)
RETURNS TABLE (
    batch_id bigint, run_day date, fence integer, run_id bigint, lane push.lane, class push.class, variant smallint, language text,
    title text, body text, link text, image_url text, field_names text[], users bigint[], fields text[], states smallint[],
    not_before timestamptz, expires_at timestamptz, leave_by timestamptz, lease_until timestamptz
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
    moment timestamptz := push.queue_moment(at);
    stopped bigint[];
    unapproved bigint[];
    open_lane push.lane;
    picked_days date[] := '{}';
    picked_ids bigint[] := '{}';
    more_days date[];
    more_ids bigint[];
BEGIN
    IF coalesce(claim.worker, '') = '' THEN
        RAISE EXCEPTION 'A claim needs the name of its worker: it is shown to whoever looks for a stuck batch.' USING ERRCODE = 'PQ002';
    ELSIF max_batches IS NULL OR max_batches NOT BETWEEN 1 AND 1000 THEN
        RAISE EXCEPTION 'Claim 1 to 1000 batches at once, not %.', max_batches USING ERRCODE = 'PQ002';
    ELSIF lease IS NULL OR lease NOT BETWEEN interval '1 second' AND interval '1 hour' THEN
        RAISE EXCEPTION 'A lease lasts from 1 second to 1 hour, not %: renew it while you work.', lease USING ERRCODE = 'PQ002';
    END IF;

    PERFORM push.take_back_expired(moment);
    stopped := push.list_stopped_runs(moment);
    FOREACH open_lane IN ARRAY enum_range(NULL::push.lane) LOOP
        CONTINUE WHEN open_lane <> ALL(coalesce(lanes, enum_range(NULL::push.lane))) OR push.is_paused(open_lane, NULL);
        EXIT WHEN cardinality(picked_ids) >= max_batches;
        LOOP
            SELECT coalesce(array_agg(p.run_day), '{}'), coalesce(array_agg(p.batch_id), '{}') INTO more_days, more_ids
            FROM push.pick_due(open_lane, max_batches - cardinality(picked_ids), moment, stopped) AS p;
            unapproved := push.list_unapproved_runs(ARRAY(SELECT DISTINCT m >> 24 FROM unnest(more_ids) AS m));
            EXIT WHEN unapproved = '{}';
            stopped := stopped || unapproved;
        END LOOP;
        picked_days := picked_days || more_days;
        picked_ids := picked_ids || more_ids;
    END LOOP;
    IF picked_ids = '{}' THEN
        RETURN;
    END IF;

    WITH taken AS (
        UPDATE push.send_batch AS b
        SET status = 'claimed', worker = claim.worker, claimed_at = moment, lease_until = moment + lease, fence = b.fence + 1
        WHERE b.run_day = ANY(picked_days) AND b.batch_id = ANY(picked_ids) AND b.status = 'waiting'
        RETURNING b.run_day, b.batch_id, b.run_id, b.user_count
    ),
    throttled AS (
        SELECT
            t.run_id,
            array_agg(moment + greatest(interval '1 minute', t.user_count * interval '1 minute' / r.throttle)) AS free_at,
            array_agg(t.user_count) AS pushes
        FROM taken AS t
        INNER JOIN push.run AS r ON r.run_id = t.run_id AND r.throttle IS NOT NULL
        GROUP BY t.run_id
    ),
    counted AS (
        UPDATE push.run_throttle AS t
        SET
            free_at = w.free_at || coalesce(
                (SELECT array_agg(c.free_at) FROM unnest(t.free_at) AS c (free_at) WHERE c.free_at > moment), '{}'
            ),
            pushes = w.pushes || coalesce(
                (SELECT array_agg(c.pushes) FROM unnest(t.free_at, t.pushes) AS c (free_at, pushes) WHERE c.free_at > moment), '{}'
            )
        FROM throttled AS w
        WHERE t.run_id = w.run_id
    )
    SELECT array_agg(t.run_day), array_agg(t.batch_id) INTO picked_days, picked_ids FROM taken AS t;

    RETURN QUERY
    SELECT
        b.batch_id, b.run_day, b.fence, b.run_id, b.lane, b.class, b.variant, b.language,
        x.title, x.body, x.link, x.image_url, r.field_names, b.users, push.fields_at(f.fields, b.places),
        coalesce(b.states, array_fill(0::smallint, ARRAY[b.user_count])), b.not_before, b.expires_at, b.leave_by, b.lease_until
    FROM push.send_batch AS b
    INNER JOIN push.run AS r ON r.run_id = b.run_id
    LEFT JOIN push.run_text AS x ON x.run_id = b.run_id AND x.variant = b.variant AND x.language = b.language
    LEFT JOIN push.audience_field AS f ON f.run_id = b.run_id AND f.bucket = b.bucket
    WHERE b.run_day = ANY(picked_days) AND b.batch_id = ANY(picked_ids)
    ORDER BY b.lane, b.not_before, b.batch_id;
END $$;
REVOKE ALL ON FUNCTION push.claim(text, push.lane[], integer, interval, timestamptz) FROM public;
GRANT EXECUTE ON FUNCTION push.claim(text, push.lane[], integer, interval, timestamptz) TO pushline_sender;
