-- function_favour_pass: for this transaction, plan a small pass by looking users up one by one, a large one by hashing whole buckets; its commit does not wait for the disk.
-- params: is_small boolean
-- returns: one (favour_pass text)
-- writes: nothing
-- why: Postgres cannot know how many users an array holds. Left to itself it hashes all recipients of the bucket for one person: it takes the partitions that it will skip for work. A blast by hashing: measured 1.8 against 2.1 of a bare insert.
--   One plan serves every bucket and run: planning the deciding statement takes longer than deciding a few hundred users, and took a sixth of a blast.
--   A blast commits once a bucket, and a slow disk would set its pace. A crash may undo the last buckets, whole: they are planned again; flush_commits ends the task. Nobody can have sent them,
--   for a claim and begin are flushed when they commit, and the log is flushed in order: a batch whose attempt is on disk is on disk.
CREATE OR REPLACE FUNCTION push.favour_pass(is_small boolean) RETURNS text
LANGUAGE sql VOLATILE
AS $$
    SELECT concat_ws(
        ', ',
        set_config('enable_nestloop', CASE WHEN is_small THEN 'on' ELSE 'off' END, true),
        set_config('enable_hashjoin', CASE WHEN is_small THEN 'off' ELSE 'on' END, true),
        set_config('enable_mergejoin', 'off', true),
        set_config('enable_sort', CASE WHEN is_small THEN 'on' ELSE 'off' END, true),
        set_config('plan_cache_mode', 'force_generic_plan', true),
        set_config('synchronous_commit', 'off', true)
    )
$$;
