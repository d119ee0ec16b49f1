-- favour_small_pass: for this transaction, plan by looking users up one by one, one plan for every bucket and run.
-- params: none
-- returns: one (nestloop text, hashjoin text, mergejoin text, sort text, plan_cache_mode text)
-- writes: nothing
-- why: planning the deciding statement takes longer than deciding a few hundred users; the driver prepares it, so all buckets share one plan.
--   Left to itself Postgres hashes all recipients of the bucket for one person: it takes the partitions that it will skip for work.
SELECT
    set_config('enable_nestloop', 'on', true) AS nestloop,
    set_config('enable_hashjoin', 'off', true) AS hashjoin,
    set_config('enable_mergejoin', 'off', true) AS mergejoin,
    set_config('enable_sort', 'on', true) AS sort,
    set_config('plan_cache_mode', 'force_generic_plan', true) AS plan_cache_mode
