-- function_find_pinning_run: a run that pins the version of a brief: some of its people are decided, and more would follow;
--   a brief without repeats is pinned for good by its only run.
-- params: brief_id bigint, repeats boolean
-- returns: one (find_pinning_run bigint)
-- writes: nothing
-- why: somebody may be decided at this moment, in a transaction that nobody sees yet. It holds its run's row, so the runs that are not over are
--   locked before looking again; from then on, until the caller's transaction ends, nobody of them is decided. A run whose row is not to be had
--   is being planned by several at once, who take turns in holding it: its people are as good as decided.
CREATE OR REPLACE FUNCTION push.find_pinning_run(brief_id bigint, repeats boolean) RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET lock_timeout = '3s'
AS $$
DECLARE
    open_statuses CONSTANT text[] := '{waiting,held,planning,set_aside}';
    pinning bigint;
BEGIN
    FOR attempt IN 1..2 LOOP
        SELECT r.run_id INTO pinning
        FROM push.run AS r
        WHERE r.source_kind = 'brief'
            AND r.source_id = find_pinning_run.brief_id
            AND (NOT find_pinning_run.repeats OR r.status = ANY(open_statuses))
            AND EXISTS (SELECT FROM push.run_bucket AS b WHERE b.run_id = r.run_id)
        ORDER BY r.run_id DESC
        LIMIT 1;
        EXIT WHEN pinning IS NOT NULL OR attempt = 2;
        BEGIN
            PERFORM FROM push.run AS r
            WHERE r.source_kind = 'brief' AND r.source_id = find_pinning_run.brief_id AND r.status = ANY(open_statuses)
            ORDER BY r.run_id
            FOR NO KEY UPDATE;
        EXCEPTION WHEN lock_not_available THEN
            SELECT max(r.run_id) INTO pinning
            FROM push.run AS r
            WHERE r.source_kind = 'brief' AND r.source_id = find_pinning_run.brief_id AND r.status = ANY(open_statuses);
            EXIT;
        END;
    END LOOP;
    RETURN pinning;
END $$;
