-- favour_large_pass: for this transaction, plan by hashing whole buckets, one plan for every bucket and run.
-- params: none
-- returns: one (nestloop text, hashjoin text, mergejoin text, sort text, plan_cache_mode text)
-- writes: nothing
-- why: Postgres cannot know how many users an array holds; measured 1.8 against 2.1 of a bare insert for a blast. Planning it anew for each bucket took a sixth of the time.
SELECT
    set_config('enable_nestloop', 'off', true) AS nestloop,
    set_config('enable_hashjoin', 'on', true) AS hashjoin,
    set_config('enable_mergejoin', 'off', true) AS mergejoin,
    set_config('enable_sort', 'off', true) AS sort,
    set_config('plan_cache_mode', 'force_generic_plan', true) AS plan_cache_mode
